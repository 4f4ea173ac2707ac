import { createHash } from 'node:crypto';

/** Of texts and of where each of them ends: 16 hexadecimal digits. */
export function hashOfParts(parts: readonly string[]): string {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(`${part.length}\n${part}`);
  return hash.digest('hex').slice(0, 16);
}
