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
  const seeds = [1, 2, 3, 7, 42, 1234, 99_999, 2 ** 31];
  const draws = 10_000;
  const sequence = (seed: number, share: number): boolean[] => {
    const one = schedule(seed, `{ inject: stall, chance: ${share} }`);
    return Array.from(
      { length: draws },
      (_, i) => one.decide({ ...occasion, call: i + 1 }).length > 0,
    );
  };

  it.each(seeds)('fires as often as it says (seed %d)', (seed) => {
    for (const share of [0.05, 0.3, 0.5]) {
      const fired = sequence(seed, share).filter(Boolean).length;
      const expected = draws * share;
      const chi2 =
        (fired - expected) ** 2 / expected + (fired - expected) ** 2 / (draws - expected);
      // One degree of freedom: 0.05% of fair coins are further off.
      expect(chi2, `${fired} of ${draws} at ${share}`).toBeLessThan(12.1);
    }
  });

  it.each(seeds)('fires independently of the call before (Wald-Wolfowitz, seed %d)', (seed) => {
    const fired = sequence(seed, 0.3);
    const ones = fired.filter(Boolean).length;
    const zeros = draws - ones;
    const runs = 1 + fired.slice(1).filter((value, i) => value !== fired[i]).length;
    const mean = 1 + (2 * ones * zeros) / draws;
    const variance = ((mean - 1) * (mean - 2)) / (draws - 1);
    expect(Math.abs(runs - mean) / Math.sqrt(variance)).toBeLessThan(3.5);
  });

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
