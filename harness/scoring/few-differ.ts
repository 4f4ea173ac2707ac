// What to say of a mean difference where nearly all samples agree. Resampling cannot know what it
// has not seen: of twelve samples without a difference it makes "no difference, for certain". But
// scores have a range, so that what the unseen could do is bounded.
import type { Cluster, Interval } from './cluster.ts';
import { callsOf, otherIn, sum } from './cluster.ts';
import { wilson } from './wilson.ts';

/** From so many samples on that differ from the rest, they are enough to be resampled. */
export const enough = 5;

/** With so many expected, `enough` or more are seen in four of five trials (Poisson). */
const expectedForEnough = 6.72;

/** The share of calls that could differ at all, and by how many samples of equal weight. */
function exposed(clusters: readonly Cluster[]): { share: number; samples: number } {
  const other = sum(clusters, otherIn);
  const squares = sum(clusters, (cluster) => otherIn(cluster) ** 2);
  // Kish's effective number: a sample with most of the calls counts for little more than itself.
  return { share: other / callsOf(clusters), samples: other ** 2 / squares };
}

/**
 * Null where samples enough differ. Else what deviates from the most common difference is taken as
 * losses and gains out of all that could be lost and gained, each with its Wilson interval, put
 * together as for a difference of paired shares (Newcombe 1998, "square and add").
 */
export function rangeInterval(clusters: readonly Cluster[], z?: number): Interval | null {
  const { value, differing } = commonest(clusters);
  if (differing >= enough) return null;
  const { share, samples } = exposed(clusters);
  const deviations = clusters.map(({ difference, calls }) => difference - value * calls);
  const all = share * callsOf(clusters);
  const part = (sign: number): number =>
    Math.min(1, deviations.reduce((total, each) => total + Math.max(0, sign * each), 0) / all);
  const [lost, gained] = [part(1), part(-1)];
  const [lostLow, lostHigh] = wilson(lost * samples, samples, z);
  const [gainedLow, gainedHigh] = wilson(gained * samples, samples, z);
  const middle = value + share * (lost - gained);
  return [
    middle - share * Math.hypot(lost - lostLow, gainedHigh - gained),
    middle + share * Math.hypot(lostHigh - lost, gained - gainedLow),
  ];
}

/**
 * The drop by whole losses that would make samples enough differ in four of five trials; null
 * where they are enough already.
 */
export function rangeDetectable(clusters: readonly Cluster[]): number | null {
  if (commonest(clusters).differing >= enough) return null;
  const { share, samples } = exposed(clusters);
  return share * Math.min(1, expectedForEnough / samples);
}

/** The difference per call that most samples have, and how many have another. */
function commonest(clusters: readonly Cluster[]): { value: number; differing: number } {
  const by = new Map<number, { value: number; times: number }>();
  for (const { difference, calls } of clusters) {
    const value = difference / calls;
    const rounded = Math.round(value * 1e9);
    const known = by.get(rounded) ?? { value, times: 0 };
    known.times++;
    by.set(rounded, known);
  }
  let most = { value: 0, times: 0 };
  for (const each of by.values()) {
    const isMore = each.times > most.times;
    const isNearer = each.times === most.times && Math.abs(each.value) < Math.abs(most.value);
    if (isMore || isNearer) most = each;
  }
  return { value: most.value, differing: clusters.length - most.times };
}
