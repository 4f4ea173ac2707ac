import { describe, expect, it } from 'vitest';
import type { CallerRule } from '../../harness/scenario/caller-rule.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';

function read(rule: string): CallerRule | undefined {
  const head = 'name: x\ndescription: d\nworkload: w\narrival: { each: once }\n';
  return parseScenario(`${head}caller:\n  - ${rule}\n`, 'x.yaml').caller[0];
}

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
