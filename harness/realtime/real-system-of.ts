// Which chains are drilled in real time: those behind an address.
import { httpSystem, isHttpChain } from './http-chain.ts';
import type { RealSystem } from './real-system.ts';

/** Null for a chain that runs in this process, in virtual time. Throws InputError. */
export function realSystemOf(chainFile: string): RealSystem | null {
  const isYaml = /\.ya?ml$/.test(chainFile);
  return isYaml && isHttpChain(chainFile) ? httpSystem(chainFile) : null;
}
