// What docs/statistics.md claims, one test a claim, on simulated data whose truth is known. Seeds
// are fixed: a claim that holds once holds always. tools/shown/statistics.ts measures at length.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Rng } from '../../harness/rng.ts';
import { stream } from '../../harness/rng.ts';
import { bootstrap } from '../../harness/scoring/bootstrap.ts';
import type { Cluster, Interval } from '../../harness/scoring/cluster.ts';
import { meanDifference } from '../../harness/scoring/cluster.ts';
import { comparePaired } from '../../harness/scoring/compare.ts';
import { detectable } from '../../harness/scoring/detectable.ts';
import { normalAt, normalShare, studentAt } from '../../harness/scoring/quantiles.ts';
import { wilson } from '../../harness/scoring/wilson.ts';
import type { World } from './simulated.ts';
import { coverage, worlds } from './simulated.ts';

const shipped = 36;
const every = Object.entries<World>(worlds);

/** Whole quarters of calls, so that sums are exact. */
const cluster: fc.Arbitrary<Cluster> = fc
  .record({
    calls: fc.integer({ min: 1, max: 30 }),
    other: fc.nat({ max: 30 }),
    each: fc.integer({ min: -4, max: 4 }),
  })
  .map(({ calls, other, each }) => {
    const others = Math.min(calls, other);
    return { calls, other: others, difference: (others * each) / 4 };
  });
const clusters = fc.array(cluster, { minLength: 2, maxLength: 25 });

/** As it is printed. */
function interval(all: Cluster[], rng: Rng, resamples: number): Interval {
  const { ci95 } = comparePaired(all, rng, resamples);
  if (!ci95) throw new Error('two samples or more');
  return ci95;
}

const quick = (all: Cluster[], rng: Rng) => interval(all, rng, 300);

describe('the interval of a mean difference', () => {
  it.each(every)('covers the truth at the shipped number of samples: %s', (name, world) => {
    const { covered } = coverage(
      world,
      shipped,
      400,
      (all, trial) => interval(all, stream(trial, 'draws'), 500),
      (trial) => stream(trial, name),
    );
    // 95% less two standard errors of 400 trials.
    expect(covered).toBeGreaterThan(0.928);
  });

  it.each([6, 12, 20])('covers the truth with %i samples', (n) => {
    for (const [name, world] of every) {
      const { covered } = coverage(
        world,
        n,
        150,
        (all, trial) => quick(all, stream(trial, 'draws')),
        (trial) => stream(trial, name, n),
      );
      expect(covered, name).toBeGreaterThan(0.91);
    }
  });

  it.each(['mixed', 'rare2', 'thin'] as const)('covers the truth with 361 samples: %s', (name) => {
    const { covered } = coverage(
      worlds[name],
      361,
      150,
      (all, trial) => quick(all, stream(trial, 'draws')),
      (trial) => stream(trial, name, 361),
    );
    expect(covered).toBeGreaterThan(0.91);
  });

  it('holds the estimate, and nothing that no score can make', () => {
    fc.assert(
      fc.property(clusters, fc.nat(), (all, seed) => {
        const [low, high] = quick(all, stream(seed));
        const calls = all.reduce((sum, each) => sum + each.calls, 0);
        const most = all.reduce((sum, each) => sum + (each.other ?? 0), 0) / calls;
        expect(low).toBeLessThanOrEqual(meanDifference(all) + 1e-12);
        expect(high).toBeGreaterThanOrEqual(meanDifference(all) - 1e-12);
        expect(low).toBeGreaterThanOrEqual(-most);
        expect(high).toBeLessThanOrEqual(most);
      }),
      { numRuns: 60 },
    );
  });

  it('does not depend on the order of the samples', () => {
    fc.assert(
      fc.property(clusters, fc.nat(), (all, seed) => {
        const shuffled = all
          .map((each, i): [number, Cluster] => [stream(seed, i).next(), each])
          .sort(([a], [b]) => a - b)
          .map(([, each]) => each);
        const { drop, ci95, mde, ...rest } = comparePaired(shuffled, stream(3));
        const own = comparePaired(all, stream(3));
        expect(rest).toEqual({
          n: own.n,
          calls: own.calls,
          noMde: own.noMde,
          verdict: own.verdict,
        });
        expect(drop).toBeCloseTo(own.drop ?? Number.NaN, 12);
        expect(mde === null).toBe(own.mde === null);
        expect(ci95?.map((each) => each.toFixed(9))).toEqual(
          own.ci95?.map((each) => each.toFixed(9)),
        );
      }),
      { numRuns: 30 },
    );
  });

  it('does not get narrower by asking the same samples more often', () => {
    fc.assert(
      fc.property(clusters, fc.integer({ min: 2, max: 64 }), (all, times) => {
        const often = all.map(({ difference, calls, other = calls }) => ({
          difference: difference * times,
          calls: calls * times,
          other: other * times,
        }));
        const [one, more] = [all, often].map((each) => comparePaired(each, stream(5)));
        expect(more?.ci95?.[0]).toBeCloseTo(one?.ci95?.[0] ?? Number.NaN, 9);
        expect(more?.ci95?.[1]).toBeCloseTo(one?.ci95?.[1] ?? Number.NaN, 9);
        if (one?.mde === null) expect(more?.mde).toBeNull();
        else expect(more?.mde).toBeCloseTo(one?.mde ?? Number.NaN, 9);
      }),
      { numRuns: 30 },
    );
  });

  it('is the same from the same seed', () => {
    const all = worlds.mixed.draw(stream(1), 60);
    expect(bootstrap(all, stream(9))).toEqual(bootstrap(all, stream(9)));
    expect(bootstrap(all, stream(9))).not.toEqual(bootstrap(all, stream(10)));
  });

  it('refuses differences that scores from 0 to 1 cannot have', () => {
    const all = [1, 2].map(() => ({ difference: 3, calls: 2 }));
    expect(() => bootstrap(all, stream(1))).toThrow(/scores go from 0 to 1/);
  });
});

describe('where few samples differ', () => {
  const alike = (n: number, difference: number, other = 4): Cluster[] =>
    Array.from({ length: n }, () => ({ difference: difference * other, calls: 4, other }));

  it('says nothing for certain of others, but that they have a range', () => {
    // Wilson: 0 of 36, at most 9.6%.
    expect(quick(alike(36, 0), stream(1))[1]).toBeCloseTo(0.0964, 4);
    expect(quick(alike(36, 0.05), stream(1))[0]).toBeCloseTo(0.05 - 0.0964, 4);
    expect(quick(alike(361, 0), stream(1))[1]).toBeCloseTo(0.0105, 4);
    expect(quick(alike(36, 1), stream(1))).toEqual([expect.closeTo(1 - 0.0964, 4), 1]);
  });

  it('bounds what could be unseen by the share of calls that got another answer', () => {
    expect(quick(alike(36, 0, 1), stream(1))[1]).toBeCloseTo(0.0964 / 4, 4);
    expect(quick(alike(36, 0, 0), stream(1))).toEqual([0, 0]);
    expect(comparePaired(alike(36, 0, 0), stream(1))).toMatchObject({ drop: 0, mde: null });
  });

  it('never calls four samples enough to say worse', () => {
    for (const n of [4, 12, 36, 361]) {
      const all = alike(n, 0).map((each, i) => ({ ...each, difference: i < 4 ? 4 : 0 }));
      expect(comparePaired(all, stream(n)).verdict).toBe('no-difference-shown');
    }
    const five = alike(36, 0).map((each, i) => ({ ...each, difference: i < 5 ? 4 : 0 }));
    expect(comparePaired(five, stream(1)).verdict).toBe('worse');
  });
});

describe('a comparison', () => {
  const worseIn = (world: World, n: number, trials: number): number => {
    let worse = 0;
    for (let trial = 0; trial < trials; trial++) {
      const [low] = interval(world.draw(stream(trial, n), n), stream(trial, 'draws'), 400);
      if (low > 0) worse++;
    }
    return worse / trials;
  };

  it.each([12, shipped])('calls equal chains worse in at most 50 of 1000, n = %i', (n) => {
    expect(worseIn(worlds.equal, n, 1_000)).toBeLessThanOrEqual(0.05);
    expect(worseIn(worlds.bothWays, n, 1_000)).toBeLessThanOrEqual(0.05);
  });

  it('says better where the second scored higher, and mirrors worse', () => {
    const all = worlds.skewed.draw(stream(4), 90);
    const mirrored = all.map((each) => ({ ...each, difference: -each.difference }));
    expect(comparePaired(all, stream(1)).verdict).toBe('worse');
    expect(comparePaired(mirrored, stream(1)).verdict).toBe('better');
  });

  it('has no interval for one sample, and no figure without a call', () => {
    const one = comparePaired([{ difference: 1, calls: 3 }], stream(1));
    expect(one).toMatchObject({ drop: 1 / 3, ci95: null, mde: null, n: 1, calls: 3 });
    expect(one.noMde).toBe('one sample has no interval');
    expect(comparePaired([], stream(1))).toMatchObject({ drop: null, ci95: null, mde: null, n: 0 });
  });
});

describe('the minimum detectable drop', () => {
  it('is t(97.5%) + t(80%) standard errors where samples enough differ', () => {
    const all = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6].map((difference) => ({ difference, calls: 1 }));
    const error = Math.sqrt((2 * (0.25 ** 2 + 0.15 ** 2 + 0.05 ** 2)) / 5 / 6);
    expect(detectable(all)).toBeCloseTo((2.5706 + 0.9195) * error, 4);
  });

  it.each([12, shipped, 361])('is seen in about four of five trials, n = %i', (n) => {
    // Whole losses with some noise: the share at which the true drop is what is printed.
    const draw = (lost: number, trial: number): Cluster[] => {
      const rng = stream(trial, 'mde', n);
      return worlds.equal.draw(rng, n).map(({ difference, calls }) => ({
        difference: rng.next() < lost ? 0.8 : rng.next() < 0.3 ? difference : 0,
        calls,
      }));
    };
    const trials = Array.from({ length: 160 }, (_, trial) => trial);
    const mean = (of: (all: Cluster[]) => number, lost: number): number =>
      trials.reduce((sum, trial) => sum + of(draw(lost, trial)), 0) / trials.length;
    let [low, high] = [0, 1];
    for (let step = 0; step < 8; step++) {
      const lost = (low + high) / 2;
      if (mean(meanDifference, lost) < mean(detectable, lost)) low = lost;
      else high = lost;
    }
    const seen = trials.filter((trial) => quick(draw(low, trial), stream(trial))[0] > 0);
    expect(seen.length / trials.length).toBeGreaterThan(0.7);
    expect(seen.length / trials.length).toBeLessThan(0.9);
  });

  it('is as much as five whole losses need where none was seen', () => {
    const all = Array.from({ length: shipped }, () => ({ difference: 0, calls: 2 }));
    const mde = detectable(all);
    let seen = 0;
    for (let trial = 0; trial < 500; trial++) {
      const rng = stream(trial, 'losses');
      const lost = all.map(({ calls }) => ({ calls, difference: rng.next() < mde ? calls : 0 }));
      if (quick(lost, stream(trial))[0] > 0) seen++;
    }
    expect(seen / 500).toBeGreaterThan(0.75);
    expect(seen / 500).toBeLessThan(0.9);
  });
});

describe('wilson', () => {
  it('gives the published interval', () => {
    // Newcombe 1998, table I: 81 of 263, 15 of 148, 0 of 20, 1 of 29, score method.
    const published = [
      [81, 263, 0.2553, 0.3662],
      [15, 148, 0.0624, 0.1605],
      [0, 20, 0, 0.1611],
      [1, 29, 0.0061, 0.1718],
    ] as const;
    for (const [part, whole, low, high] of published) {
      const [a, b] = wilson(part, whole);
      expect([a.toFixed(4), b.toFixed(4)]).toEqual([low.toFixed(4), high.toFixed(4)]);
    }
  });

  it('holds the share, stays within 0 and 1, and is symmetric', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 5_000 }), fc.nat(), (whole, pick) => {
        const part = pick % (whole + 1);
        const [low, high] = wilson(part, whole);
        expect(low).toBeGreaterThanOrEqual(0);
        expect(high).toBeLessThanOrEqual(1);
        expect(low).toBeLessThanOrEqual(part / whole);
        expect(high).toBeGreaterThanOrEqual(part / whole);
        const [mirror] = wilson(whole - part, whole);
        expect(mirror).toBeCloseTo(1 - high, 10);
      }),
    );
  });

  it.each([20, 100, 1_000])('covers shares from a half to almost all as stated, n = %i', (n) => {
    const shares = Array.from({ length: 200 }, (_, i) => 0.5 + (0.4995 * i) / 200);
    const mean = shares.reduce((sum, share) => sum + covers(share, n), 0) / shares.length;
    expect(mean).toBeGreaterThan(0.945);
    expect(mean).toBeLessThan(0.96);
  });
});

/** Exactly, by the binomial distribution. */
function covers(share: number, whole: number): number {
  let covered = 0;
  let log = whole * Math.log(1 - share);
  for (let part = 0; part <= whole; part++) {
    const [low, high] = wilson(part, whole);
    if (low <= share && share <= high) covered += Math.exp(log);
    log += Math.log((whole - part) / (part + 1)) + Math.log(share / (1 - share));
  }
  return covered;
}

describe('quantiles', () => {
  it('are those of the printed tables', () => {
    const table = [1, 2, 3, 4, 5, 9, 35, 360].map((degrees) => studentAt(0.975, degrees));
    const printed = [12.7062, 4.3027, 3.1824, 2.7764, 2.5706, 2.2622, 2.0301, 1.9666];
    table.forEach((value, i) => {
      expect(value).toBeCloseTo(printed[i] ?? Number.NaN, 4);
    });
    expect(normalAt(0.975)).toBeCloseTo(1.959964, 6);
    expect(normalShare(1)).toBeCloseTo(0.8413447, 7);
    expect(normalShare(-9)).toBe(0);
  });

  it('undo shares', () => {
    fc.assert(
      fc.property(fc.double({ min: 0.001, max: 0.999, noNaN: true }), (share) => {
        expect(normalShare(normalAt(share))).toBeCloseTo(share, 9);
        expect(studentAt(1 - share, 7)).toBeCloseTo(-studentAt(share, 7), 6);
      }),
    );
  });
});
