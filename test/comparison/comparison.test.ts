// What compare and gate say of two chains, where the truth is known. Equal chains with luck of
// their own are called better or worse in at most one case of twenty, alone and all together.
import { describe, expect, it } from 'vitest';
import type { SumsBySample } from '../../harness/comparison/call-sums.ts';
import type { ComparedFigure } from '../../harness/comparison/cases.ts';
import { comparedFigures } from '../../harness/comparison/cases.ts';
import type { Difference } from '../../harness/comparison/difference.ts';
import { differenceOf } from '../../harness/comparison/difference.ts';
import { shownTo } from '../../harness/comparison/holm.ts';
import { stream } from '../../harness/rng.ts';
import { simulatedDrill, usualChain } from './simulated-drill.ts';

const size = { samples: 36, calls: 12 };

function compared(
  figure: ComparedFigure,
  from: SumsBySample,
  to: SumsBySample,
  seed = 1,
): Difference {
  const weighed = (sums: SumsBySample) => ({ weight: 1, world: 'desk', sums });
  const pair = { from: weighed(from), to: weighed(to) };
  return differenceOf(figure, [pair], () => stream(seed, 'test', figure));
}

const leavesOut0 = ({ ci95 }: Difference): boolean => ci95 !== null && (ci95[0] > 0 || ci95[1] < 0);

describe('two chains that did the same', () => {
  it.each(comparedFigures)('have a difference of %s of 0, for certain', (figure) => {
    const sums = simulatedDrill(usualChain, { ...size, seed: 3 });
    const found = compared(figure, sums, structuredClone(sums));
    expect(found).toMatchObject({ difference: 0, n: 36, test: null });
    expect(found.ci95?.map((end) => end + 0)).toEqual([0, 0]);
  });
});

describe('two equal chains with other luck', () => {
  it('are called better or worse in at most one of twenty of 1,000 comparisons', () => {
    const wrong = new Map<ComparedFigure, number>();
    for (let round = 0; round < 1_000; round++) {
      const a = simulatedDrill(usualChain, { ...size, seed: 2 * round });
      const b = simulatedDrill(usualChain, { ...size, seed: 2 * round + 1 });
      for (const figure of ['goodput', 'latency_ms.p95'] as const) {
        const { test } = compared(figure, a, b, round);
        if (!test || !shownTo([test])[0]) continue;
        wrong.set(figure, (wrong.get(figure) ?? 0) + 1);
      }
    }
    for (const [figure, times] of wrong) expect(times, figure).toBeLessThanOrEqual(50);
  }, 120_000);

  it('all together: of 23 against one, any is called so in at most one ranking of twenty', () => {
    let wrong = 0;
    let alone = 0;
    const rounds = 200;
    for (let round = 0; round < rounds; round++) {
      const drill = (at: number) => simulatedDrill(usualChain, { ...size, seed: round * 24 + at });
      const current = drill(0);
      const found = Array.from({ length: 23 }, (_, at) =>
        compared('availability', current, drill(at + 1), round),
      );
      if (shownTo(found.flatMap(({ test }) => test ?? [])).includes(true)) wrong++;
      if (found.some(leavesOut0)) alone++;
    }
    expect(wrong / rounds).toBeLessThanOrEqual(0.05);
    // It is Holm's doing: without it most rankings would speak of chance.
    expect(alone / rounds).toBeGreaterThan(0.2);
  }, 240_000);
});

describe('a chain that is worse', () => {
  it.each([
    ['availability', { lost: 0.5 }, -0.12],
    ['attempts_per_call.mean', { attempts: 2 }, 0.3],
    ['latency_ms.p95', { waitMs: 6_000 }, 5_000],
  ] as const)('is found out by %s', (figure, change, about) => {
    const a = simulatedDrill(usualChain, { ...size, seed: 1 });
    const b = simulatedDrill({ ...usualChain, ...change }, { ...size, seed: 2 });
    const found = compared(figure, a, b);
    expect(Math.abs((found.difference ?? 0) / about)).toBeGreaterThan(0.5);
    expect(Math.sign(found.difference ?? 0)).toBe(Math.sign(about));
    expect(shownTo(found.test ? [found.test] : [])).toEqual([true]);
    expect(found.ci95?.[0]).toBeLessThanOrEqual(found.difference ?? Number.NaN);
    expect(found.ci95?.[1]).toBeGreaterThanOrEqual(found.difference ?? Number.NaN);
  });

  it('is found out where its slow calls hang', () => {
    const a = simulatedDrill(usualChain, { ...size, seed: 1 });
    const b = structuredClone(a);
    for (const sums of Object.values(b)) {
      sums.latency_ms.pop();
      sums.hung++;
    }
    const found = compared('latency_ms.p95', a, b);
    expect(found.to).toBe(Number.POSITIVE_INFINITY);
    expect(found.difference).toBe(Number.POSITIVE_INFINITY);
    expect(shownTo(found.test ? [found.test] : [])).toEqual([true]);
  });
});

describe('Holm', () => {
  const test = (strength: number, needs: number) => ({
    strength,
    interval: (miss: number): [number, number] => (miss >= needs ? [1, 2] : [-1, 2]),
  });

  it('asks the strongest for the most, and stops at the first that shows nothing', () => {
    // Of three: 4% / 3, 4% / 2, 4%.
    expect(shownTo([test(1, 0.04), test(3, 0.013), test(2, 0.02)])).toEqual([true, true, true]);
    expect(shownTo([test(1, 0.001), test(3, 0.013), test(2, 0.03)])).toEqual([false, true, false]);
    expect(shownTo([])).toEqual([]);
  });
});
