// Intervals for a mean of paired differences where calls of one sample are not independent:
// the samples are the clusters, and only they are drawn anew. A leaf beside rng.ts.
import type { Rng } from '../rng.ts';

/** One sample: the sum of its paired differences, and over how many calls. */
export interface Cluster {
  difference: number;
  calls: number;
}

/** The mean difference per call. */
export function meanDifference(clusters: readonly Cluster[]): number {
  let difference = 0;
  let calls = 0;
  for (const cluster of clusters) {
    difference += cluster.difference;
    calls += cluster.calls;
  }
  return difference / calls;
}

/**
 * The 95% percentile interval of the mean difference per call (Efron, Tibshirani 1993, ch. 13):
 * as many clusters as there are, drawn with replacement, `resamples` times. The clusters' order
 * matters to the draws: give them sorted.
 */
export function bootstrap(
  clusters: readonly Cluster[],
  rng: Rng,
  resamples = 2_000,
): [low: number, high: number] {
  const size = clusters.length;
  if (agree(clusters)) return [meanDifference(clusters), meanDifference(clusters)];
  const differences = Float64Array.from(clusters, (cluster) => cluster.difference);
  const calls = Float64Array.from(clusters, (cluster) => cluster.calls);
  const means = new Float64Array(resamples);
  for (let i = 0; i < resamples; i++) {
    let difference = 0;
    let weight = 0;
    for (let drawn = 0; drawn < size; drawn++) {
      const pick = rng.int(size);
      difference += differences[pick] ?? 0;
      weight += calls[pick] ?? 0;
    }
    means[i] = difference / weight;
  }
  means.sort();
  return [at(means, 0.025), at(means, 0.975)];
}

/** Whether all clusters have one mean, as in a healthy trial: then so has every resample. */
function agree(clusters: readonly Cluster[]): boolean {
  const [first] = clusters;
  return (
    first !== undefined &&
    clusters.every(({ difference, calls }) => difference * first.calls === first.difference * calls)
  );
}

/** Nearest rank. */
function at(sorted: Float64Array, share: number): number {
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? Number.NaN;
}

/**
 * The smallest true mean difference that a two-sided test at 5% finds with 80% power:
 * (1.96 + 0.84) = 2.8 standard errors. The standard error is that of a ratio of cluster sums
 * (Cochran, Sampling Techniques, 1977, ch. 6); with equal calls per sample it is sd / sqrt(n).
 * Needs two clusters or more.
 */
export function detectable(clusters: readonly Cluster[]): number {
  const mean = meanDifference(clusters);
  let squares = 0;
  let calls = 0;
  for (const cluster of clusters) {
    squares += (cluster.difference - mean * cluster.calls) ** 2;
    calls += cluster.calls;
  }
  const size = clusters.length;
  return (2.8 * Math.sqrt((size / (size - 1)) * squares)) / calls;
}
