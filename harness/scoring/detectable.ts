// The minimum detectable drop, which stands beside every figure of quality: without it "no
// difference shown" cannot be told from "nothing could have been shown".
import type { Cluster } from './cluster.ts';
import { rangeDetectable } from './few-differ.ts';
import { studentAt } from './quantiles.ts';
import { standardError } from './standard-error.ts';

/**
 * The smallest true mean difference whose 95% interval leaves 0 out in four of five trials:
 * t(97.5%) + t(80%) standard errors, 2.8 where samples are many. Where few samples differ it is at
 * least what would make more of them differ. Needs two clusters or more.
 */
export function detectable(clusters: readonly Cluster[]): number {
  const size = clusters.length;
  const error = standardError(clusters);
  const seen = (studentAt(0.975, size - 1) + studentAt(0.8, size - 1)) * error;
  return Math.max(seen, rangeDetectable(clusters) ?? 0);
}
