// Which chains are drilled in real time: those behind an address, and those in a gateway.
import { gateways } from '../gateways/index.ts';
import { gatewaySystem } from './gateway-system.ts';
import { httpSystem, isHttpChain } from './http-chain.ts';
import type { RealSystem } from './real-system.ts';

/** Null for a chain that runs in this process, in virtual time. Throws InputError. */
export function realSystemOf(chainFile: string, through: string | undefined): RealSystem | null {
  if (!/\.ya?ml$/.test(chainFile)) return null;
  const gateway = through === undefined ? undefined : gateways[through];
  if (gateway) return gatewaySystem(gateway, chainFile);
  return isHttpChain(chainFile) ? httpSystem(chainFile) : null;
}
