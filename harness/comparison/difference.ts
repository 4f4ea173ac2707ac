// The difference of a figure between two chains on the same calls, with its interval. Pairs are
// samples: what one chain made of a sample's calls beside what the other made of them.
import type { Rng } from '../rng.ts';
import type { Cluster, Interval } from '../scoring/cluster.ts';
import { meanDifference } from '../scoring/cluster.ts';
import { pairedInterval } from '../scoring/compare.ts';
import { standardError } from '../scoring/standard-error.ts';
import type { CallSums } from './call-sums.ts';
import type { ComparedFigure } from './cases.ts';
import type { MeanFigure, Weighed } from './figures.ts';
import { figureValue, means, timed } from './figures.ts';
import type { Test } from './holm.ts';
import { drawP95, minus, p95Interval, spread } from './paired-p95.ts';

/** Of the second chain less that of the first, in the figure's own unit. */
export interface Difference {
  figure: ComparedFigure;
  from: number | null;
  to: number | null;
  difference: number | null;
  /** Null where there are fewer than two samples, or no figure. */
  ci95: Interval | null;
  /** Samples, or parts of their calls where samples are few. */
  n: number;
  /** Null where there is nothing that could differ: no interval, or the same calls throughout. */
  test: Test | null;
}

export interface Pair {
  from: Weighed;
  to: Weighed;
}

/** `rng`: a stream of the same draws each time that it is asked for. */
export function differenceOf(
  figure: ComparedFigure,
  pairs: readonly Pair[],
  rng: () => Rng,
): Difference {
  return figure === 'latency_ms.p95' ? ofP95(pairs, rng) : ofMean(figure, pairs, rng);
}

function ofMean(figure: MeanFigure, pairs: readonly Pair[], rng: () => Rng): Difference {
  const from = figureValue(
    figure,
    pairs.map((pair) => pair.from),
  );
  const to = figureValue(
    figure,
    pairs.map((pair) => pair.to),
  );
  const { clusters, most } = clustersOf(figure, pairs);
  const n = clusters.length;
  const difference = from === null || to === null ? null : to - from;
  const none = { figure, from, to, difference, n };
  if (n < 2 || difference === null) return { ...none, ci95: null, test: null };
  const interval = (miss?: number): Interval => {
    const [low, high] = pairedInterval(clusters, rng(), resamplesFor(miss), miss);
    return [low * most, high * most];
  };
  const ci95 = interval();
  if (clusters.every(({ other }) => other === 0)) return { ...none, ci95, test: null };
  const error = standardError(clusters);
  const strength = Math.abs(meanDifference(clusters)) / error;
  return { ...none, ci95, test: { strength: Number.isNaN(strength) ? 0 : strength, interval } };
}

/** Where less may be missed, the ends of the interval lie farther out among the draws. */
function resamplesFor(miss = 0.05): number {
  return Math.min(20_000, Math.max(2_000, Math.ceil(40 / miss)));
}

/**
 * Differences of the mean per call, by sample and scaled by the largest that there is, as scores
 * are from 0 to 1. Of unequal calls (callers gave up) a sample has the mean weight.
 */
function clustersOf(
  figure: MeanFigure,
  pairs: readonly Pair[],
): { clusters: Cluster[]; most: number } {
  const { part, whole } = means[figure];
  const by = new Map<string, Required<Cluster>>();
  let most = figure === 'goodput' || figure === 'availability' || figure === 'quality.drop' ? 1 : 0;
  for (const { from, to } of pairs) {
    const shared = Object.entries(from.sums).flatMap(([sample, one]) => {
      const other = to.sums[sample];
      const calls = other ? (whole(one) + whole(other)) / 2 : 0;
      return other && whole(one) > 0 && whole(other) > 0 ? [{ sample, one, other, calls }] : [];
    });
    const all = shared.reduce((sum, { calls }) => sum + calls, 0);
    for (const { sample, one, other, calls } of shared) {
      const [before, after] = [part(one) / whole(one), part(other) / whole(other)];
      const weight = (from.weight * calls) / all;
      const name = `${from.world} ${sample}`;
      const known = by.get(name) ?? { difference: 0, calls: 0, other: 0 };
      known.difference += weight * (after - before);
      known.calls += weight;
      if (!isSame(one, other)) known.other += weight;
      by.set(name, known);
      most = Math.max(most, Math.abs(before), Math.abs(after));
    }
  }
  const scale = most || 1;
  const clusters = [...by.values()].map((each) => ({
    ...each,
    difference: each.difference / scale,
  }));
  return { clusters, most: scale };
}

/** Every call went the same way, to the millisecond. */
function isSame(a: CallSums, b: CallSums): boolean {
  return (
    (Object.keys(a) as (keyof CallSums)[]).every(
      (key) => key === 'latency_ms' || a[key] === b[key],
    ) &&
    a.latency_ms.length === b.latency_ms.length &&
    a.latency_ms.every((ms, at) => ms === b.latency_ms[at])
  );
}

function ofP95(pairs: readonly Pair[], rng: () => Rng): Difference {
  const draws = drawP95(
    timed(pairs.map(({ from }) => from)),
    timed(pairs.map(({ to }) => to)),
    rng(),
  );
  const { from, to, n, differing } = draws;
  const difference = from === null || to === null ? null : minus(to, from);
  const ci95 = p95Interval(draws);
  const told = { figure: 'latency_ms.p95' as const, from, to, difference, ci95, n };
  if (ci95 === null || differing === 0) return { ...told, test: null };
  const strength = Math.abs(difference ?? 0) / spread(draws);
  return {
    ...told,
    test: {
      strength: Number.isNaN(strength) ? 0 : strength,
      interval: (miss) => p95Interval(draws, miss) ?? ci95,
    },
  };
}
