import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../harness/rng.ts';
import type { Cluster } from '../../harness/scoring/bootstrap.ts';
import { bootstrap, detectable, meanDifference } from '../../harness/scoring/bootstrap.ts';
import { wilson } from '../../harness/scoring/wilson.ts';

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
});

/** `size` samples of which each has `calls` calls that differ by a normal draw around `mean`. */
function drawn(size: number, calls: number, mean: number, seed: number): Cluster[] {
  const rng = stream(seed, 'test');
  return Array.from({ length: size }, () => ({ difference: calls * (mean + rng.normal()), calls }));
}

describe('bootstrap', () => {
  it('covers the true mean difference about as often as it says', () => {
    let covered = 0;
    for (let seed = 0; seed < 300; seed++) {
      const [low, high] = bootstrap(drawn(40, 1, 0.5, seed), stream(seed, 'boot'), 400);
      if (low <= 0.5 && high >= 0.5) covered++;
    }
    // 95% less the known shortfall at 40 clusters; 300 trials have a standard error of 1.4%.
    expect(covered / 300).toBeGreaterThan(0.89);
    expect(covered / 300).toBeLessThan(0.99);
  });

  it('does not get narrower by asking the same samples more often', () => {
    const width = ([low, high]: [number, number]): number => high - low;
    const once = width(bootstrap(drawn(30, 1, 0, 1), stream(1)));
    const often = width(bootstrap(drawn(30, 100, 0, 1), stream(1)));
    expect(often).toBeCloseTo(once, 10);
  });

  it('draws the same interval from the same seed', () => {
    const clusters = drawn(20, 2, 0, 3);
    expect(bootstrap(clusters, stream(9))).toEqual(bootstrap(clusters, stream(9)));
    expect(bootstrap(clusters, stream(9))).not.toEqual(bootstrap(clusters, stream(10)));
  });

  it('has no width where all samples agree', () => {
    const same = Array.from({ length: 10 }, () => ({ difference: 3, calls: 6 }));
    expect(bootstrap(same, stream(1))).toEqual([0.5, 0.5]);
    expect(detectable(same)).toBe(0);
    expect(meanDifference(same)).toBe(0.5);
  });
});

describe('detectable', () => {
  it('is 2.8 standard errors where every sample has as many calls', () => {
    const clusters = [1, 2, 3, 4].map((difference) => ({ difference, calls: 1 }));
    const sd = Math.sqrt((1.5 ** 2 + 0.5 ** 2 + 0.5 ** 2 + 1.5 ** 2) / 3);
    expect(detectable(clusters)).toBeCloseTo((2.8 * sd) / 2, 12);
  });

  it('is what the interval finds in four of five trials', () => {
    const size = 60;
    const trueMean = detectable(drawn(4_000, 1, 0, 5)) * Math.sqrt(4_000 / size);
    let seen = 0;
    for (let seed = 0; seed < 200; seed++) {
      const [low] = bootstrap(drawn(size, 1, trueMean, seed), stream(seed, 'boot'), 400);
      if (low > 0) seen++;
    }
    expect(seen / 200).toBeGreaterThan(0.7);
    expect(seen / 200).toBeLessThan(0.9);
  });
});
