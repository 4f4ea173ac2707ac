// Retry hints as users write them, and the header lines that they become on every wire.
import { describe, expect, it } from 'vitest';
import { wires } from '../../harness/wires/index.ts';
import { askedOf, headerOf, noon, stamp } from '../wires/served.ts';
import { decided } from './decide.ts';

const date = (ms: number): string => new Date(noon + ms).toUTCString();
const paths = {
  'openai-chat': 'https://api.openai.com/v1/chat/completions',
  'openai-responses': 'https://api.openai.com/v1/responses',
  'anthropic-messages': 'https://api.anthropic.com/v1/messages',
} as const;
const names = Object.keys(paths) as (keyof typeof paths)[];

const lines: [keys: string, after: string | null, afterMs: string | null][] = [
  ['retryAfter: 2s', '2', null],
  ['retryAfter: 0s', '0', null],
  ['retryAfter: 277403s', '277403', null],
  ['retryAfter: { raw: "-1" }', '-1', null],
  ['retryAfter: { raw: soon }', 'soon', null],
  ['retryAfter: date 90s', date(90_000), null],
  ['retryAfter: date -30s', date(-30_000), null],
  ['retryAfter: date 700000d', date(700_000 * 86_400_000), null],
  ['retryAfterMs: 250', null, '250'],
  ['retryAfterMs: -250', null, '-250'],
  ['retryAfterMs: 0', null, '0'],
  ['retryAfterMs: { raw: soon }', null, 'soon'],
  ['retryAfter: date 2s, retryAfterMs: 200', date(2000), '200'],
];

describe.each(names)('a hint on %s', (name) => {
  const wire = wires[name];
  const asked = askedOf(wire, paths[name], { model: 'm-1' });

  it.each(lines)('%s', (keys, after, afterMs) => {
    for (const fault of ['rate-limit', 'overloaded', 'server-error']) {
      const effect = decided(`{ inject: ${fault}, ${keys} }`);
      if (effect?.kind !== 'reject') throw new Error(`${fault} did not reject`);
      const reply = wire.reject(effect.rejection, asked, stamp);
      expect(headerOf(reply, 'retry-after')).toBe(after);
      expect(headerOf(reply, 'retry-after-ms')).toBe(afterMs);
    }
  });
});
