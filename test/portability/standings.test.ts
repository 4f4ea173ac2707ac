// How targets stand as fallbacks, on matrices made by hand and by chance.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Cell, SampleRow } from '../../harness/portability/portability-report.ts';
import { standingsOf } from '../../harness/portability/standings.ts';

const targets = ['a/primary', 'b/one', 'c/two'];

/** Scores by sample, in the order of the targets. */
function matrix(scores: (number | null)[][], family: string | null = null): SampleRow[] {
  return scores.map((row, index) => ({
    sample: `s${String(index).padStart(4, '0')}`,
    family,
    critical: false,
    cells: row.map((score, at): Cell => {
      const base = row[0] ?? null;
      const drop = at === 0 || score === null || base === null ? null : base - score;
      const none = { failed: [], answer: null, why: null };
      return { target: targets[at] ?? '', status: 'answered', score, drop, ...none };
    }),
  }));
}

describe('standings', () => {
  it('rank fallbacks by what they lose, and say where the order is not shown', () => {
    const rows = matrix([
      ...Array.from({ length: 30 }, () => [1, 1, 0]),
      ...Array.from({ length: 10 }, () => [1, 0, 1]),
    ]);
    const [primary, one, two] = standingsOf(rows, targets, 1);
    expect(primary).toMatchObject({ rank: null, primary: null, best: null, mean: 1, n: 40 });
    expect(one).toMatchObject({ rank: 1, mean: 0.75, best: null });
    expect(one?.primary).toMatchObject({ drop: 0.25, n: 40, verdict: 'worse' });
    expect(two).toMatchObject({ rank: 2, mean: 0.25, best: { drop: 0.5, verdict: 'worse' } });
  });

  it('pair by sample: what only one side has a score for is no part of the drop', () => {
    const rows = matrix([
      [1, 1, null],
      [0, null, 0.5],
      [1, 0.5, 1],
    ]);
    const [primary, one, two] = standingsOf(rows, targets, 1);
    expect(primary).toMatchObject({ n: 3, unscored: 0 });
    expect(one).toMatchObject({ n: 2, unscored: 1, primary: { drop: 0.25, n: 2 } });
    expect(two).toMatchObject({ n: 2, rank: 1, primary: { drop: -0.25, n: 2 } });
    // Of the two, one sample has both: no interval, nothing shown.
    expect(one).toMatchObject({ rank: 2, best: { n: 1, ci95: null, drop: 0.5 } });
  });

  it('say nothing of a target without a score', () => {
    const rows = matrix([
      [1, 1, null],
      [1, 1, null],
    ]);
    const [, one, two] = standingsOf(rows, targets, 1);
    expect(two).toMatchObject({ rank: null, mean: null, n: 0, unscored: 2 });
    expect(two?.primary).toMatchObject({ drop: null, n: 0, verdict: 'no-difference-shown' });
    // Two samples without a difference say next to nothing of others.
    const { drop, ci95, mde } = one?.primary ?? {};
    expect({ drop, mde }).toEqual({ drop: 0, mde: 1 });
    expect(ci95).toEqual([expect.closeTo(-0.6576, 4), expect.closeTo(0.6576, 4)]);
  });

  it('hold for all prompts as for each family, in any order of the samples', () => {
    const score = fc.constantFrom(0, 0.25, 0.5, 1, null);
    const some = fc.array(fc.tuple(score, score, score), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(some, fc.integer({ min: 0, max: 1000 }), (scores, seed) => {
        const rows = matrix(scores, 'only');
        const found = standingsOf(rows, targets, seed);
        expect(standingsOf([...rows].reverse(), targets, seed)).toEqual(found);
        const [all, family] = [found.slice(0, 3), found.slice(3)];
        const plain = (row: (typeof found)[number]) => [row.target, row.rank, row.mean, row.n];
        expect(family.map(plain)).toEqual(all.map(plain));
        const ranks = all.flatMap(({ rank }) => rank ?? []).sort();
        expect(ranks).toEqual(ranks.map((_, index) => index + 1));
      }),
      { numRuns: 50 },
    );
  });
});
