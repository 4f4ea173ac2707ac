import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { CallerRule } from '../../harness/scenario/caller-rule.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import { root } from '../drills.ts';

const head = 'name: x\ndescription: d\nworkload: w\narrival: { each: once }\n';

function readAll(...rules: string[]): CallerRule[] {
  const list = rules.map((rule) => `  - ${rule}\n`).join('');
  return parseScenario(`${head}caller:\n${list}`, 'x.yaml').caller;
}

function read(rule: string): CallerRule | undefined {
  return readAll(rule)[0];
}

describe('a rule that no call comes to', () => {
  it.each([
    ['{ abort: 3s }', '{ deadline: 5s }'],
    ['{ abort: 3s, call: 1.. }', '{ deadline: 5s, call: 7 }'],
    ['{ abort: 3s, call: [2, 3, 4] }', '{ deadline: 5s, call: 2..4 }'],
    ['{ abort: 3s, call: 1..20 }', '{ abort: 2s, call: 21.. }', '{ deadline: 5s }'],
  ])('is refused where it stands: %s, %s', (...rules) => {
    const line = 5 + rules.length;
    expect(() => readAll(...rules)).toThrow(
      `x.yaml:${line}: caller.${rules.length - 1}: no call is left to this rule by those above it: ` +
        'write `call` or `chance` in them, or put this rule above them',
    );
  });

  it.each([
    ['{ abort: 3s, chance: 10% }', '{ deadline: 5s }'],
    ['{ abort: 3s, call: 2.. }', '{ deadline: 5s }'],
    ['{ abort: 3s, call: [2, 3] }', '{ deadline: 5s, call: 2..4 }'],
    ['{ abort: 3s, call: 1..20 }', '{ abort: 2s, call: 22.. }', '{ deadline: 5s }'],
  ])('is none where some are left: %s, %s', (...rules) => {
    expect(readAll(...rules)).toHaveLength(rules.length);
  });

  it('is not in the example of the documentation', () => {
    const docs = readFileSync(join(root, 'docs/scenarios.md'), 'utf8');
    const [, example = ''] = docs.match(/```yaml\n(caller:\n[^`]*)```/) ?? [];
    expect(parseScenario(head + example, 'x.yaml').caller).toHaveLength(5);
  });
});

describe('what a caller does', () => {
  it.each([
    ['{ abort: 3s }', 'abort', { at: 'time', ms: 3_000 }],
    ['{ abort: 0s }', 'abort', { at: 'time', ms: 0 }],
    ['{ deadline: 5s }', 'deadline', { at: 'time', ms: 5_000 }],
    ['{ abort: 40 characters }', 'abort', { at: 'characters', count: 40 }],
    ['{ abort: 1 character }', 'abort', { at: 'characters', count: 1 }],
    // The first character is the least that can have come.
    ['{ abort: 0 characters }', 'abort', { at: 'characters', count: 1 }],
    ['{ abort: attempt 2 }', 'abort', { at: 'attempt', nth: 2 }],
    ['{ abort: backoff }', 'abort', { at: 'backoff', after: 1, intoMs: 100 }],
    ['{ abort: backoff, after: 2, into: 0s }', 'abort', { at: 'backoff', after: 2, intoMs: 0 }],
  ])('%s', (text, did, when) => {
    expect(read(text)).toEqual({ did, when, call: null, chance: 1 });
  });

  it('is done in some calls only, by number and by chance', () => {
    expect(read('{ abort: 1s, call: 3.., chance: 30% }')).toMatchObject({
      call: { from: 3, to: Number.POSITIVE_INFINITY },
      chance: 0.3,
    });
  });
});

describe('a bound on canary calls', () => {
  it('is one that the scenario has', () => {
    const head = 'name: x\ndescription: d\nworkload: w\narrival: { each: once }\n';
    const bound = 'thresholds: { canary.latency_ms.p95: "<= 2s" }\n';
    const read = () => parseScenario(`${head}canary: { every: 10s }\n${bound}`, 'x.yaml');
    expect(read().thresholds).toMatchObject([{ path: 'canary.latency_ms.p95', bound: 2_000 }]);
    expect(() => parseScenario(head + bound, 'x.yaml')).toThrow('has no canary calls');
  });
});
