// Ids as providers write them, derived from what they name: equal on every run.
import { mix } from '../rng.ts';
import type { WireName } from './wire-name.ts';

const hex = '0123456789abcdef';
const letters = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

export function hexId(prefix: string, name: string, length: number): string {
  return prefix + characters(name, length, hex);
}

export function letterId(prefix: string, name: string, length: number): string {
  return prefix + characters(name, length, letters);
}

/** The attempt's number stays legible: whoever sees the id in a log finds the attempt. */
export function requestId(attempt: number): string {
  return `req_${String(attempt).padStart(32, '0')}`;
}

/**
 * What a provider signs its reasoning with. Opaque to callers, but it says in base64 which wire
 * made it up, so that one which comes back can be told from another provider's.
 */
export function signatureOf(wire: WireName, name: string): string {
  return btoa(`firedrill ${wire} ${letterId('', name, 32)}`);
}

/** The wire that made the signature; null where it is none of ours. */
export function signedBy(signature: string): string | null {
  const plain = Buffer.from(signature, 'base64').toString('latin1');
  return /^firedrill (\S+) /.exec(plain)?.[1] ?? null;
}

/** When a provider would say that an answer was made; one instant, so that frames can be cached. */
export const answeredAt = 1_767_225_600;

function characters(name: string, length: number, alphabet: string): string {
  let out = '';
  for (let i = 0; i < length; i++) out += alphabet[mix(i, name) % alphabet.length];
  return out;
}
