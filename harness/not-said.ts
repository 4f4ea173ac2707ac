// What a chain file says and others have no words for. A leaf.
import type { ReferenceSettings } from './chains/settings.ts';

/** Milliseconds as the chain file writes them. */
export function duration(ms: number): string {
  return ms % 1000 === 0 ? `${ms / 1000}s` : `${ms}ms`;
}

/**
 * The layers that an application puts around a library or a gateway, which have none of them. One
 * sentence each, beginning with the key of the chain file.
 */
export function layersNotSaid({ quality, degrade, afterPayload }: ReferenceSettings): string[] {
  const notSaid: string[] = [];
  if (afterPayload === 'continue') notSaid.push('afterPayload: no answer is continued');
  if (quality !== null) notSaid.push('quality: critical questions go to whoever is next');
  if (degrade !== null) notSaid.push('degrade: when all targets fail, the caller gets an error');
  return notSaid;
}
