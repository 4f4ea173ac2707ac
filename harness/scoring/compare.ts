// Whether one target or chain answers worse than another, asked the same samples. A leaf.
import type { Rng } from '../rng.ts';
import type { Cluster } from './bootstrap.ts';
import { bootstrap, detectable, meanDifference } from './bootstrap.ts';

export type ComparisonVerdict = 'worse' | 'better' | 'no-difference-shown';

/** All in the unit of the clusters' differences. */
export interface Comparison {
  /** The mean difference per call; null without a call. Above 0: the second scored lower. */
  drop: number | null;
  /** Null where there are fewer than two samples: one has no interval. */
  ci95: [low: number, high: number] | null;
  /** The smallest true drop that these samples would probably show; null as `ci95`. */
  mde: number | null;
  /** Distinct samples. */
  n: number;
  calls: number;
  /** Said only where the interval leaves 0 out; that is no proof of equality elsewhere. */
  verdict: ComparisonVerdict;
}

/**
 * `clusters`: one a sample, in an order that does not depend on chance, each with the sum over its
 * calls of (score of the first - score of the second).
 */
export function comparePaired(clusters: readonly Cluster[], rng: Rng): Comparison {
  const n = clusters.length;
  const calls = clusters.reduce((sum, cluster) => sum + cluster.calls, 0);
  const drop = calls === 0 ? null : meanDifference(clusters);
  if (n < 2 || calls === 0) {
    return { drop, ci95: null, mde: null, n, calls, verdict: 'no-difference-shown' };
  }
  const ci95 = bootstrap(clusters, rng);
  return { drop, ci95, mde: detectable(clusters), n, calls, verdict: verdictOf(ci95) };
}

function verdictOf([low, high]: readonly [number, number]): ComparisonVerdict {
  if (low > 0) return 'worse';
  return high < 0 ? 'better' : 'no-difference-shown';
}
