// What a chain's file is, by its name. A leaf.
import { extname } from 'node:path';

export const moduleTypes = ['.ts', '.mts', '.cts', '.js', '.mjs', '.cjs'];

/** Whether it is the user's own code. */
export function isChainModule(file: string): boolean {
  return moduleTypes.includes(extname(file));
}
