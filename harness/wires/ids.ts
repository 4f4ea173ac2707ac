// Ids as providers write them, derived from what they name: equal on every run.
import { mix } from '../rng.ts';

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

/** When a provider would say that an answer was made; one instant, so that frames can be cached. */
export const answeredAt = 1_767_225_600;

function characters(name: string, length: number, alphabet: string): string {
  let out = '';
  for (let i = 0; i < length; i++) out += alphabet[mix(i, name) % alphabet.length];
  return out;
}
