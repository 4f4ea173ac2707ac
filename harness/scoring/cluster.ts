// What samples add to a mean of paired differences: the calls of one sample are one cluster. A
// leaf.

/** One sample: the sum of its paired differences of scores from 0 to 1, and over how many calls. */
export interface Cluster {
  difference: number;
  calls: number;
  /**
   * Calls that got another answer than what they are compared with; the rest are equal by their
   * making, whatever the samples. Default: all.
   */
  other?: number;
}

export type Interval = [low: number, high: number];

/** The mean difference per call. */
export function meanDifference(clusters: readonly Cluster[]): number {
  return sum(clusters, (cluster) => cluster.difference) / callsOf(clusters);
}

export function callsOf(clusters: readonly Cluster[]): number {
  return sum(clusters, (cluster) => cluster.calls);
}

export function otherIn({ other, calls }: Cluster): number {
  return other ?? calls;
}

export function sum(clusters: readonly Cluster[], part: (cluster: Cluster) => number): number {
  let total = 0;
  for (const cluster of clusters) total += part(cluster);
  return total;
}
