// Whether one target or chain answers worse than another, asked the same samples.
import type { Rng } from '../rng.ts';
import { bootstrap } from './bootstrap.ts';
import type { Cluster, Interval } from './cluster.ts';
import { callsOf, meanDifference, otherIn, sum } from './cluster.ts';
import { detectable } from './detectable.ts';
import { enough } from './few-differ.ts';

export type ComparisonVerdict = 'worse' | 'better' | 'no-difference-shown';

/** In points of a score from 0 to 1. */
export interface Comparison {
  /** The mean difference per call; null without a call. Above 0: the second scored lower. */
  drop: number | null;
  /** Null where there are fewer than two samples: one has no interval. */
  ci95: Interval | null;
  /** The smallest true drop that these samples would probably show; null where `noMde` says why. */
  mde: number | null;
  noMde: string | null;
  /** Distinct samples. */
  n: number;
  calls: number;
  /** Said only where the interval leaves 0 out; no difference shown is no proof of equality. */
  verdict: ComparisonVerdict;
}

export const oneSample = 'one sample has no interval';

const sameAnswers = 'no call was served another answer, so that there is no drop to detect';

/**
 * `clusters`: one a sample, in any order, each with the sum over its calls of (score of the first
 * - score of the second).
 */
export function comparePaired(
  clusters: readonly Cluster[],
  rng: Rng,
  resamples?: number,
): Comparison {
  const n = clusters.length;
  const calls = callsOf(clusters);
  const size = { n, calls };
  if (calls === 0) {
    const noMde = 'no call to compare';
    return { drop: null, ci95: null, mde: null, noMde, ...size, verdict: 'no-difference-shown' };
  }
  const drop = meanDifference(clusters);
  if (n < 2) {
    const noMde = oneSample;
    return { drop, ci95: null, mde: null, noMde, ...size, verdict: 'no-difference-shown' };
  }
  const ci95 = pairedInterval(clusters, rng, resamples);
  const verdict = verdictOf(ci95);
  if (sum(clusters, otherIn) === 0) {
    return { drop, ci95, mde: null, noMde: sameAnswers, ...size, verdict };
  }
  return { drop, ci95, mde: detectable(clusters), noMde: null, ...size, verdict };
}

/**
 * Of fewer than five samples that differ, all fall to one side by chance in more than one case of
 * twenty: they show no difference, so the interval holds 0.
 */
export function pairedInterval(
  clusters: readonly Cluster[],
  rng: Rng,
  resamples?: number,
  miss?: number,
): Interval {
  const [low, high] = bootstrap(clusters, rng, resamples, miss);
  const unequal = clusters.filter(({ difference }) => difference !== 0).length;
  return unequal < enough ? [Math.min(0, low), Math.max(0, high)] : [low, high];
}

function verdictOf([low, high]: Interval): ComparisonVerdict {
  if (low > 0) return 'worse';
  return high < 0 ? 'better' : 'no-difference-shown';
}
