// Chance, judged by the textbook: chi-square for how often a fault fires, Wald-Wolfowitz for
// whether one draw follows from another. Twenty seeds, 10,000 draws each.
// @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda35d.htm runs test
// @see https://www.itl.nist.gov/div898/handbook/eda/section3/eda35f.htm chi-square test
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { rule } from '../../harness/scenario/rule.ts';
import { chanceAt, createSchedule } from '../../harness/upstream/schedule.ts';
import { occasion } from '../attempts.ts';

/**
 * 0.1% for a test over all seeds, by Bonferroni 0.005% for each: the two-sided quantile of the
 * normal distribution, and its square, which is that of chi-square with one degree of freedom.
 */
const mostZ = 4.0556;
const mostChi2 = mostZ ** 2;
/** The quantile at 0.005% of chi-square with ten degrees of freedom. */
const mostChi2Of10 = 37.31;

const seeds = Array.from({ length: 20 }, (_, i) => i * 7919 + 1);
const draws = 10_000;

interface Draw {
  call?: number;
  now?: number;
  provider?: string;
  model?: string;
}

/** What the rule does with each of the attempts, in order. */
function fired(seed: number, text: string, made: Draw[]): boolean[] {
  const schedule = createSchedule([rule.parse(parse(text))], seed);
  return made.map((one) => schedule.decide({ ...occasion, ...one }).length > 0);
}

const calls = Array.from({ length: draws }, (_, i): Draw => ({ call: i + 1 }));

/** Of the observed frequency against the expected one. */
function chi2Of(sequence: readonly boolean[], share: number): number {
  const ones = sequence.filter(Boolean).length;
  const expected = sequence.length * share;
  return (ones - expected) ** 2 / (expected * (1 - share));
}

/** Of the number of runs against that of independent draws with as many ones. */
function runsZ(sequence: readonly boolean[]): number {
  const n = sequence.length;
  const ones = sequence.filter(Boolean).length;
  const runs = 1 + sequence.slice(1).filter((one, i) => one !== sequence[i]).length;
  const mean = 1 + (2 * ones * (n - ones)) / n;
  return (runs - mean) / Math.sqrt(((mean - 1) * (mean - 2)) / (n - 1));
}

describe('the two tests themselves', () => {
  const alternating = calls.map((_, i) => i % 2 === 0);
  const inBlocks = calls.map((_, i) => i % 40 < 20);

  it('see a frequency that is off by three points', () => {
    expect(chi2Of(alternating, 0.5)).toBe(0);
    expect(
      chi2Of(
        calls.map((_, i) => i % 100 < 53),
        0.5,
      ),
    ).toBeGreaterThan(mostChi2);
  });

  it('see draws that follow from each other, though their frequency is right', () => {
    expect(chi2Of(inBlocks, 0.5)).toBe(0);
    expect(runsZ(inBlocks)).toBeLessThan(-mostZ);
    expect(runsZ(alternating)).toBeGreaterThan(mostZ);
  });
});

describe.each([0.05, 0.3, 0.5])('a chance of %d', (share) => {
  const ways: [name: string, text: string, made: Draw[]][] = [
    ['of every call', `{ inject: stall, chance: ${share} }`, calls],
    [
      'of every attempt of one call',
      `{ inject: stall, chance: ${share} }`,
      calls.map(() => ({ call: 1 })),
    ],
    ['drawn per call', `{ inject: stall, chance: ${share}, per: call }`, calls],
    [
      'drawn per stretch of 30s',
      `{ inject: stall, chance: ${share}, per: 30s }`,
      calls.map((_, i) => ({ call: i + 1, now: i * 30_000 })),
    ],
  ];

  it.each(ways)('%s is met as often as it says', (_name, text, made) => {
    for (const seed of seeds) {
      expect(chi2Of(fired(seed, text, made), share), `seed ${seed}`).toBeLessThan(mostChi2);
    }
  });

  it.each(ways)('%s is met whatever was before', (_name, text, made) => {
    for (const seed of seeds) {
      expect(Math.abs(runsZ(fired(seed, text, made))), `seed ${seed}`).toBeLessThan(mostZ);
    }
  });
});

describe('a ramp', () => {
  const text = '{ inject: stall, to: 10000s, chance: 60% -> 5% }';
  const made = calls.map((one, i): Draw => ({ ...one, now: i * 1000 }));
  const shares = made.map(({ now }) => chanceAt(rule.parse(parse(text)), now ?? 0));

  it('is met as often as it says in each tenth of its window', () => {
    for (const seed of seeds) {
      const sequence = fired(seed, text, made);
      let chi2 = 0;
      for (let from = 0; from < draws; from += draws / 10) {
        const own = shares.slice(from, from + draws / 10);
        const ones = sequence.slice(from, from + draws / 10).filter(Boolean).length;
        const expected = own.reduce((sum, share) => sum + share, 0);
        const variance = own.reduce((sum, share) => sum + share * (1 - share), 0);
        chi2 += (ones - expected) ** 2 / variance;
      }
      expect(chi2, `seed ${seed}`).toBeLessThan(mostChi2Of10);
    }
  });

  it('is met whatever was before: what is over the chance does not go on', () => {
    for (const seed of seeds) {
      const over = fired(seed, text, made).map((one, i) => Number(one) - (shares[i] ?? 0));
      let sum = 0;
      let variance = 0;
      for (let i = 1; i < draws; i++) {
        const [p, q] = [shares[i - 1] ?? 0, shares[i] ?? 0];
        sum += (over[i - 1] ?? 0) * (over[i] ?? 0);
        variance += p * (1 - p) * q * (1 - q);
      }
      expect(Math.abs(sum / Math.sqrt(variance)), `seed ${seed}`).toBeLessThan(mostZ);
    }
  });
});

describe('what draws together', () => {
  const pair = (text: string, seed: number, now: (i: number) => number = () => 0) => {
    const schedule = createSchedule([rule.parse(parse(text))], seed);
    return calls.slice(0, 2000).map((_, i) => {
      const one = { ...occasion, call: i + 1, now: now(i) };
      const other = { ...one, provider: 'anthropic', model: 'claude-3-5-haiku-latest' };
      return [schedule.decide(one).length, schedule.decide(other).length] as const;
    });
  };
  const both = (seen: (readonly [number, number])[]): number =>
    seen.filter(([one, other]) => one + other === 2).length;
  const either = (seen: (readonly [number, number])[]): number =>
    seen.filter(([one, other]) => one + other > 0).length;

  it('fails two providers at once, per call or for a stretch of time', () => {
    for (const seed of seeds) {
      const alone = pair('{ inject: stall, chance: 30% }', seed);
      expect(either(alone)).toBeGreaterThan(both(alone) * 3);
      const call = pair('{ inject: stall, chance: 30%, per: call }', seed);
      expect(both(call)).toBe(either(call));
      expect(
        chi2Of(
          call.map(([one]) => one > 0),
          0.3,
        ),
      ).toBeLessThan(mostChi2);
      const stretch = pair('{ inject: stall, chance: 30%, per: 30s }', seed, (i) => i * 7000);
      expect(both(stretch)).toBe(either(stretch));
      expect(both(stretch)).toBeGreaterThan(0);
    }
  });

  it('is all of a call: its retries fare as its first attempt did', () => {
    const schedule = createSchedule(
      [rule.parse(parse('{ inject: stall, chance: 30%, per: call }'))],
      1,
    );
    const met = calls.slice(0, 200).map(({ call = 1 }) => {
      const attempts = [1, 2, 3].map(() => schedule.decide({ ...occasion, call }).length);
      expect(new Set(attempts).size).toBe(1);
      return attempts[0];
    });
    expect(new Set(met)).toEqual(new Set([0, 1]));
  });

  it('is all of a stretch, counted from where the rule begins', () => {
    const text = '{ inject: stall, from: 10s, chance: 50%, per: 30s }';
    for (const seed of seeds) {
      const schedule = createSchedule([rule.parse(parse(text))], seed);
      const at = (now: number): number =>
        schedule.decide({ ...occasion, call: 1 + Math.floor(now / 100), now }).length;
      const stretches = Array.from({ length: 40 }, (_, stretch) =>
        [0, 1, 15_000, 29_999].map((ms) => at(10_000 + stretch * 30_000 + ms)),
      );
      for (const stretch of stretches) expect(new Set(stretch).size).toBe(1);
      expect(new Set(stretches.map(([first]) => first))).toEqual(new Set([0, 1]));
    }
  });

  it('is drawn anew for another rule', () => {
    const rules = ['30%', '30%'].map((chance) =>
      rule.parse(parse(`{ inject: slow, ttft: 1s, chance: ${chance}, per: call }`)),
    );
    const schedule = createSchedule(rules, 1);
    const seen = calls.map(({ call = 1 }) => schedule.decide({ ...occasion, call }));
    const alone = seen.filter((one) => one.length === 1).length;
    expect(alone).toBeGreaterThan(draws * 0.35);
  });
});
