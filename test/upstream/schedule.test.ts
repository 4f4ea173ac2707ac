import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rule } from '../../harness/scenario/rule.ts';
import type { Fired, Schedule } from '../../harness/upstream/schedule.ts';
import { chanceAt, createSchedule } from '../../harness/upstream/schedule.ts';
import { occasion } from '../attempts.ts';

const read = (text: string) => rule.parse(parse(text));
const schedule = (seed: number, ...rules: string[]): Schedule =>
  createSchedule(rules.map(read), seed);

const kinds = (fired: Fired[]): string[] => fired.map(({ fault }) => fault);

describe('what fires together', () => {
  it('lets the first terminal effect win, in file order, and every pace pass', () => {
    const all = schedule(
      1,
      '{ inject: slow, ttft: 9s }',
      '{ inject: stall }',
      '{ inject: rate-limit }',
      '{ inject: slow, ttftFactor: 2 }',
    );
    expect(kinds(all.decide(occasion))).toEqual(['slow', 'stall', 'slow']);
  });

  it('says which rule an effect came from', () => {
    const [fired] = schedule(1, '{ inject: noop }', '{ inject: stall }').decide(occasion);
    expect(fired).toEqual({
      rule: 1,
      fault: 'stall',
      effect: { kind: 'stall', at: { at: 'headers' }, forMs: null },
    });
  });
});

describe('where a rule fires', () => {
  it.each([
    ['{ provider: openai }', true],
    ['{ provider: [anthropic, openai] }', true],
    ['{ provider: anthropic }', false],
    ['{ model: gpt-4o, wire: openai-chat }', true],
    ['{ model: gpt-4o-mini }', false],
    ['{ region: eu }', false],
    ['{ key: mine }', false],
    ['{ stream: false }', false],
  ])('on %s: %s', (on, fires) => {
    expect(schedule(1, `{ inject: stall, on: ${on} }`).decide(occasion)).toHaveLength(
      fires ? 1 : 0,
    );
  });

  it('counts the attempts of a call that it matches, and no others', () => {
    const second = schedule(1, '{ inject: stall, on: { model: gpt-4o }, attempt: 2 }');
    const other = { ...occasion, model: 'gpt-4o-mini' };
    const fired = [occasion, other, occasion, occasion].map((one) => second.decide(one).length);
    expect(fired).toEqual([0, 0, 1, 0]);
    expect(second.decide({ ...occasion, call: 2 })).toEqual([]);
    second.forget(1);
    expect([second.decide(occasion).length, second.decide(occasion).length]).toEqual([0, 1]);
  });

  it('fires on the calls that it names', () => {
    const some = schedule(1, '{ inject: stall, call: [2, 4] }');
    const fired = [1, 2, 3, 4].filter((call) => some.decide({ ...occasion, call }).length > 0);
    expect(fired).toEqual([2, 4]);
  });
});

describe('a rule that fires so many times', () => {
  const fires = (all: Schedule, count: number, more = {}): number[] =>
    Array.from(
      { length: count },
      (_, i) => all.decide({ ...occasion, call: i + 1, ...more }).length,
    );

  it('stops after them, whatever the call and target', () => {
    const twice = schedule(1, '{ inject: stall, times: 2 }');
    expect(fires(twice, 2, { provider: 'anthropic' })).toEqual([1, 1]);
    expect(fires(twice, 3)).toEqual([0, 0, 0]);
  });

  it('counts when it fires, not when it might have', () => {
    const text = '{ inject: stall, times: 1, from: 1s, attempt: 2, chance: 50% }';
    const seeds = Array.from({ length: 64 }, (_, seed) => seed);
    const total = seeds.map((seed) => {
      const once = schedule(seed, text);
      fires(once, 20);
      return Array.from({ length: 20 }, (_, i) => {
        const late = { ...occasion, call: i + 1, now: 1000 };
        return once.decide(late).length;
      }).reduce((a, b) => a + b, 0);
    });
    expect(new Set(total)).toEqual(new Set([1]));
  });

  it('has not fired where an earlier rule came first', () => {
    const both = schedule(
      1,
      '{ inject: rate-limit, call: 1..3 }',
      '{ inject: stall, times: 1 }',
      '{ inject: slow, ttft: 9s, times: 1 }',
    );
    const fired = Array.from({ length: 5 }, (_, i) =>
      kinds(both.decide({ ...occasion, call: i + 1 })),
    );
    expect(fired).toEqual([['rate-limit', 'slow'], ['rate-limit'], ['rate-limit'], ['stall'], []]);
  });

  it('leaves what comes after it to the next rule', () => {
    const both = schedule(1, '{ inject: stall, times: 1 }', '{ inject: rate-limit }');
    const fired = [1, 2].map((call) => kinds(both.decide({ ...occasion, call })));
    expect(fired).toEqual([['stall'], ['rate-limit']]);
  });

  it('has not fired where it found nothing to disturb', () => {
    const once = schedule(1, '{ inject: truncate, at: 40 tokens, times: 1 }');
    const fired = once.decide(occasion);
    once.takeBack(fired);
    expect(fires(once, 2)).toEqual([1, 0]);
  });

  it('is counted anew in every trial', () => {
    const rules = [read('{ inject: stall, times: 1 }')];
    for (const trial of [1, 2]) {
      expect(fires(createSchedule(rules, trial), 2)).toEqual([1, 0]);
    }
  });
});

describe('when a rule fires', () => {
  it.each([
    ['{ inject: noop, from: 1s, to: 2s }', { 999: 0, 1000: 1, 1999: 1, 2000: 0 }],
    ['{ inject: noop, chance: 40% }', { 0: 0.4, 1e9: 0.4 }],
    ['{ inject: noop, to: 10s, chance: 60% -> 0% }', { 0: 0.6, 5000: 0.3, 9000: 0.06, 10000: 0 }],
    [
      '{ inject: noop, from: 1s, every: 10s, for: 3s }',
      { 1000: 1, 3999: 1, 4000: 0, 11000: 1, 14000: 0 },
    ],
  ])('%s', (text, chances) => {
    for (const [now, chance] of Object.entries(chances)) {
      expect(chanceAt(read(text), Number(now)), `at ${now} ms`).toBeCloseTo(chance, 12);
    }
  });
});

describe('chance', () => {
  it('never fires at 0% and always at 100%', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 1e6 }), (seed, call) => {
        const both = schedule(
          seed,
          '{ inject: slow, ttft: 1s, chance: 0% }',
          '{ inject: stall, chance: 100% }',
        );
        expect(kinds(both.decide({ ...occasion, call }))).toEqual(['stall']);
      }),
      { numRuns: 50 },
    );
  });
});

describe('draws', () => {
  const others = [
    '{ inject: slow, ttft: 5s, chance: 40% }',
    '{ inject: slow, ttftFactor: 3, chance: 70% }',
  ];
  const extra = fc.constantFrom(
    '{ inject: rate-limit }',
    '{ inject: stall, chance: 50% }',
    '{ inject: noop, call: 3 }',
    '{ inject: server-error, on: { provider: anthropic } }',
  );
  const attempts = fc.array(
    fc.record({
      call: fc.integer({ min: 1, max: 5 }),
      model: fc.constantFrom('gpt-4o', 'gpt-4o-mini'),
    }),
    { maxLength: 30 },
  );

  it('of a rule stay as they are when a rule of another fault is added anywhere', () => {
    fc.assert(
      fc.property(fc.integer(), extra, fc.nat(2), attempts, (seed, added, place, made) => {
        const fired = (rules: string[]): string[] => {
          const all = schedule(seed, ...rules);
          return made.map((one) => {
            const slow = all
              .decide({ ...occasion, ...one })
              .filter(({ fault }) => fault === 'slow');
            return JSON.stringify(slow.map(({ effect }) => effect));
          });
        };
        expect(fired(others.toSpliced(place, 0, added))).toEqual(fired(others));
      }),
    );
  });

  it('of a call do not depend on the calls beside it', () => {
    fc.assert(
      fc.property(fc.integer(), attempts, (seed, before) => {
        const alone = schedule(seed, ...others);
        const busy = schedule(seed, ...others);
        for (const one of before) busy.decide({ ...occasion, ...one });
        const call = { ...occasion, call: 9 };
        expect(busy.decide(call)).toEqual(alone.decide(call));
      }),
    );
  });

  it('are the same on every target only by accident', () => {
    const one = schedule(5, '{ inject: stall, chance: 50% }');
    const fired = (model: string): string =>
      Array.from(
        { length: 64 },
        (_, i) => one.decide({ ...occasion, model, call: i + 1 }).length,
      ).join('');
    expect(fired('gpt-4o')).not.toBe(fired('gpt-4o-mini'));
  });
});

it('leaves what an earlier rule has ended out of what a later one counts', () => {
  const schedule = createSchedule(
    [
      rule.parse(parse('{ inject: server-error, call: 1..10 }')),
      rule.parse(parse('{ inject: token-bucket, requests: 1/h, burst: 5 }')),
    ],
    1,
  );
  const kinds = Array.from({ length: 16 }, (_, index) =>
    schedule.decide({ ...occasion, call: index + 1 }).map(({ effect }) => effect.kind),
  );
  expect(kinds.slice(0, 10).flat()).toEqual(Array(10).fill('reject'));
  expect(kinds.slice(10).flat()).toEqual([...Array(5).fill('limits'), 'reject']);
});

it('does not use up `times` where a limit only told what is left', () => {
  const text = '{ inject: token-bucket, requests: 1/h, burst: 3, times: 1 }';
  const schedule = createSchedule([rule.parse(parse(text))], 1);
  const kinds = Array.from({ length: 6 }, (_, index) =>
    schedule.decide({ ...occasion, call: index + 1 }).map(({ effect }) => effect.kind),
  );
  expect(kinds).toEqual([['limits'], ['limits'], ['limits'], ['reject'], [], []]);
});
