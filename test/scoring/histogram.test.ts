import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Missing } from '../../harness/scoring/figures.ts';
import type { CountsTally } from '../../harness/scoring/histogram.ts';
import {
  count,
  createCounts,
  longest,
  mergeCounts,
  percentiles,
  sizeOf,
  tallyOf,
} from '../../harness/scoring/histogram.ts';

const wanted = { p1: 1, p50: 50, p90: 90, p95: 95, p99: 99, p100: 100 };

function tallied(values: number[], beyond = 0): CountsTally {
  const counts = createCounts();
  for (const value of values) count(counts, value);
  counts.beyond += beyond;
  return tallyOf(counts);
}

/** Nearest rank, by the book. */
function ranked(values: number[], percentile: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  // Whole numbers up to here: no rounding in p * n / 100.
  return sorted[Math.ceil((percentile * sorted.length) / 100) - 1] ?? Number.NaN;
}

const exact = fc.integer({ min: 0, max: 262_143 });

describe('percentiles', () => {
  it('are the nearest rank of the sorted values, to the millisecond', () => {
    fc.assert(
      fc.property(fc.array(exact, { minLength: 1, maxLength: 300 }), (values) => {
        const figures = percentiles(tallied(values), wanted, 'none');
        for (const [name, percentile] of Object.entries(wanted)) {
          expect(figures[name as keyof typeof wanted]).toBe(ranked(values, percentile));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('are right for every number of values', () => {
    for (let size = 1; size <= 250; size++) {
      const values = Array.from({ length: size }, (_, i) => i * 7);
      expect(percentiles(tallied(values), { p95: 95 }, 'none').p95).toBe(ranked(values, 95));
    }
  });

  it('are never above the true value, and within five digits of it, above 262,143 ms', () => {
    const long = fc.array(fc.integer({ min: 1, max: 90_000_000 }), { minLength: 1, maxLength: 20 });
    fc.assert(
      fc.property(long, (values) => {
        const { p95 } = percentiles(tallied(values), { p95: 95 }, 'none');
        const truth = ranked(values, 95);
        expect(p95).toBeLessThanOrEqual(truth);
        expect(p95).toBeGreaterThan(truth * (1 - 1e-5) - 1);
      }),
      { numRuns: 40 },
    );
  });

  it('take what is beyond as longer than every other', () => {
    const figures = percentiles(tallied([5, 6, 7, 8], 1), { p50: 50, p80: 80, p81: 81 }, 'none');
    expect(figures).toEqual({ p50: 7, p80: 8, p81: new Missing('hung') });
    expect(percentiles(tallied([], 3), { p50: 50 }, 'none').p50).toEqual(new Missing('hung'));
    expect(percentiles(tallied([0], 3), { p25: 25, p26: 26 }, 'none')).toEqual({
      p25: 0,
      p26: new Missing('hung'),
    });
  });

  it('have no value where nothing was counted', () => {
    expect(percentiles(tallied([]), { p50: 50 }, 'no calls').p50).toEqual(new Missing('no calls'));
  });
});

it('gives the longest exactly', () => {
  expect(longest(tallied([3, 1_234_567]), 'none')).toBe(1_234_567);
  expect(longest(tallied([3], 1), 'none')).toEqual(new Missing('hung'));
  expect(longest(tallied([]), 'none')).toEqual(new Missing('none'));
});

it('counts what both counted after a merge, whichever comes first', () => {
  const values = fc.array(fc.nat({ max: 50 }), { maxLength: 30 });
  fc.assert(
    fc.property(values, values, fc.nat({ max: 3 }), (a, b, beyond) => {
      const both = tallied([...a, ...b], beyond);
      expect(mergeCounts(tallied(a, beyond), tallied(b))).toEqual(both);
      expect(mergeCounts(tallied(b), tallied(a, beyond))).toEqual(both);
      expect(sizeOf(both)).toBe(a.length + b.length + beyond);
    }),
  );
});

it('rounds fractions and counts less than nothing as nothing', () => {
  expect(tallied([1.4, 1.6, -3]).at).toEqual([
    [0, 1],
    [1, 1],
    [2, 1],
  ]);
});
