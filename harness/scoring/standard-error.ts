// How far the mean of clusters may be from the truth by chance alone.
import type { Cluster } from './cluster.ts';
import { callsOf, meanDifference, sum } from './cluster.ts';

/**
 * Of a ratio of cluster sums (Cochran, Sampling Techniques, 1977, ch. 6); with equal calls per
 * sample it is sd / sqrt(n). Needs two clusters or more.
 */
export function standardError(clusters: readonly Cluster[]): number {
  const size = clusters.length;
  const mean = meanDifference(clusters);
  const squares = sum(clusters, ({ difference, calls }) => (difference - mean * calls) ** 2);
  return Math.sqrt((size / (size - 1)) * squares) / callsOf(clusters);
}
