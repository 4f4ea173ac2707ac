// The 95% interval of a mean of paired differences where calls of one sample are not independent:
// the samples are the clusters, and only they are drawn anew. docs/statistics.md has the measured
// coverage and why it is this interval; tools/shown/statistics.ts measures it.
import type { Rng } from '../rng.ts';
import type { Cluster, Interval } from './cluster.ts';
import { callsOf, meanDifference, otherIn, sum } from './cluster.ts';
import { rangeInterval } from './few-differ.ts';
import { normalAt, normalShare, studentAt } from './quantiles.ts';
import { standardError } from './standard-error.ts';

/** Of a 95% interval. */
export const usualMiss = 0.05;

/**
 * As many clusters as there are, drawn with replacement, `resamples` times. Percentiles of the
 * means miss the truth too often where samples are few or differences are skewed, so the ends are
 * the outer ones of two corrected intervals: percentiles as far out as Student's t asks for
 * (Hesterberg, "What teachers should know about the bootstrap", 2015, 5.3), and the same corrected
 * for bias and skew (BCa: Efron, Tibshirani, 1993, ch. 14). Where few samples differ, what was
 * not seen counts too. Needs two clusters or more, in any order. `miss`: how often the interval may
 * leave the truth out, 5% of all times where nothing is said; for less, Student's interval widens
 * it where the draws are too few to reach so far.
 */
export function bootstrap(
  clusters: readonly Cluster[],
  rng: Rng,
  resamples = 2_000,
  miss = usualMiss,
): Interval {
  const misfit = clusters.find((each) => Math.abs(each.difference) > otherIn(each) + 1e-6);
  if (misfit) {
    throw new RangeError(
      `Failed to make an interval: ${otherIn(misfit)} calls cannot differ by ` +
        `${misfit.difference} in all; scores go from 0 to 1`,
    );
  }
  const sorted = [...clusters].sort(byValue);
  const most = sum(sorted, otherIn) / callsOf(sorted);
  if (most === 0) return [0, 0];
  const seen = resampled(sorted, rng, resamples, miss);
  const unseen = rangeInterval(sorted, normalAt(1 - miss / 2)) ?? seen;
  return [
    Math.max(-most, Math.min(seen[0], unseen[0])),
    Math.min(most, Math.max(seen[1], unseen[1])),
  ];
}

/** What is drawn must not depend on the order in which samples were met. */
function byValue(a: Cluster, b: Cluster): number {
  return a.difference - b.difference || a.calls - b.calls || otherIn(a) - otherIn(b);
}

function resampled(
  clusters: readonly Cluster[],
  rng: Rng,
  resamples: number,
  miss: number,
): Interval {
  const mean = meanDifference(clusters);
  // As in a trial where every answer is five points worse: then so is every resample.
  if (clusters.every(({ difference, calls }) => isSame(difference / calls, mean))) {
    return [mean, mean];
  }
  const means = drawMeans(clusters, rng, resamples);
  const n = clusters.length;
  const reach = Math.sqrt(n / (n - 1)) * studentAt(1 - miss / 2, n - 1);
  const far = miss < usualMiss ? standardError(clusters) * studentAt(1 - miss / 2, n - 1) : 0;
  const shift = normalAt(shareBelow(means, mean));
  const skew = acceleration(clusters, mean);
  const corrected = (z: number): number => {
    const stretch = 1 - skew * (shift + z);
    // Past its pole the correction asks for the outermost.
    if (stretch <= 0) return at(means, z < 0 ? 0 : 1);
    return at(means, normalShare(shift + (shift + z) / stretch));
  };
  return [
    Math.min(mean - far, at(means, normalShare(-reach)), corrected(-reach)),
    Math.max(mean + far, at(means, normalShare(reach)), corrected(reach)),
  ];
}

function isSame(a: number, b: number): boolean {
  return Math.abs(a - b) < 1e-12;
}

/** Of every resample, sorted. */
function drawMeans(clusters: readonly Cluster[], rng: Rng, resamples: number): Float64Array {
  const size = clusters.length;
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
  return means.sort();
}

/** Half of those that are equal count as below; never none and never all. */
function shareBelow(means: Float64Array, mean: number): number {
  let below = 0;
  for (const each of means) {
    if (isSame(each, mean)) below += 0.5;
    else if (each < mean) below += 1;
  }
  return Math.min(means.length - 1, Math.max(1, below)) / means.length;
}

/** A sixth of the skewness of the mean, by what each cluster adds to it. */
function acceleration(clusters: readonly Cluster[], mean: number): number {
  const residual = ({ difference, calls }: Cluster): number => difference - mean * calls;
  const squares = sum(clusters, (cluster) => residual(cluster) ** 2);
  return sum(clusters, (cluster) => residual(cluster) ** 3) / (6 * squares ** 1.5);
}

/** Nearest rank. */
function at(sorted: Float64Array, share: number): number {
  const rank = Math.ceil(share * sorted.length);
  return sorted[Math.min(sorted.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}
