import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faults } from '../../harness/faults/index.ts';
import { faultContract } from './fault.ts';

/** Not faults, but what faults share. */
const shared = ['effect', 'rejection', 'fault', 'hint', 'index'];

const more: Record<string, string[]> = {
  disconnect: ['{ inject: disconnect, how: tls }', '{ inject: disconnect, at: marker, how: fin }'],
  'error-event': ['{ inject: error-event, at: headers, message: no luck }'],
  overloaded: ['{ inject: overloaded }', '{ inject: overloaded, at: 3 tokens, retryAfter: 9s }'],
  'quota-exhausted': ['{ inject: quota-exhausted, shouldRetry: false }'],
  'rate-limit': ['{ inject: rate-limit, retryAfter: { raw: soon }, retryAfterMs: -1 }'],
  'server-error': ['{ inject: server-error, code: x, message: y, body: empty }'],
  slow: ['{ inject: slow, tokensPerSecond: 0.1 }', '{ inject: slow, ttftFactor: 3 }'],
  stall: ['{ inject: stall }', '{ inject: stall, at: event 2, lasting: 0s }'],
  truncate: ['{ inject: truncate }', '{ inject: truncate, at: marker }'],
};

for (const fault of Object.values(faults)) faultContract(fault, more[fault.kind]);

it('has every file of the folder in the map, under the name of its file', () => {
  const files = readdirSync(new URL('../../harness/faults', import.meta.url))
    .map((file) => file.replace(/\.ts$/, ''))
    .filter((name) => !shared.includes(name));
  expect(Object.keys(faults).sort()).toEqual(files.sort());
  for (const [name, fault] of Object.entries(faults)) expect(fault.kind).toBe(name);
});
