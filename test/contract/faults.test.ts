import { readdirSync } from 'node:fs';
import { expect, it } from 'vitest';
import { faults } from '../../harness/faults/index.ts';
import { faultContract } from './fault.ts';

/** Not faults, but what faults share. */
const shared = ['bucket', 'effect', 'rejection', 'fault', 'hint', 'index', 'limit-scope'];

const more: Record<string, string[]> = {
  'burst-limit': ['{ inject: burst-limit }', '{ inject: burst-limit, floor: 1, scope: all }'],
  disconnect: ['{ inject: disconnect, how: tls }', '{ inject: disconnect, at: marker, how: fin }'],
  'error-event': ['{ inject: error-event, at: headers, message: no luck }'],
  guard: [
    '{ inject: guard, models: gpt-4o, output: 50, idLength: 40 }',
    '{ inject: guard, requires: [temperature], refuses: [tools, foreign-key, long-ids] }',
    '{ inject: guard, context: 64 }',
  ],
  overloaded: ['{ inject: overloaded }', '{ inject: overloaded, at: 3 tokens, retryAfter: 9s }'],
  'quota-exhausted': ['{ inject: quota-exhausted, shouldRetry: false }'],
  'rate-limit': ['{ inject: rate-limit, retryAfter: { raw: soon }, retryAfterMs: -1 }'],
  'server-error': ['{ inject: server-error, code: x, message: y, body: empty }'],
  slow: ['{ inject: slow, tokensPerSecond: 0.1 }', '{ inject: slow, ttftFactor: 3 }'],
  stall: ['{ inject: stall }', '{ inject: stall, at: event 2, lasting: 0s }'],
  'token-bucket': [
    '{ inject: token-bucket, requests: 1/m, scope: all }',
    '{ inject: token-bucket, tokens: 99/s, cost: input }',
    '{ inject: token-bucket, tokens: 150/h, tokenBurst: 300, scope: key }',
  ],
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
