// The difference of two 95th percentiles over the same samples, and its interval: samples are drawn
// anew, both sides the same ones, and both percentiles are read again.
import type { Rng } from '../rng.ts';
import { usualMiss } from '../scoring/bootstrap.ts';
import type { Interval } from '../scoring/cluster.ts';
import { enough } from '../scoring/few-differ.ts';
import { normalShare, studentAt } from '../scoring/quantiles.ts';

/** Durations of one cluster in one scenario, each of the same weight. */
export interface Timed {
  cluster: string;
  /** Rising. */
  ms: readonly number[];
  /** Longer than all others. */
  hung: number;
  weight: number;
}

export interface P95Draws {
  from: number | null;
  to: number | null;
  /** Clusters on both sides, and those that do not have the same durations on both. */
  n: number;
  differing: number;
  /** Of the resamples, rising. */
  differences: Float64Array;
}

/** By nearest rank; infinite where it falls on a hung call, null without a call. */
export function p95Of(side: readonly Timed[]): number | null {
  const all = sorted(side, new Map());
  return all.items.length === 0 ? null : walk(all, [1]);
}

export function drawP95(
  a: readonly Timed[],
  b: readonly Timed[],
  rng: Rng,
  resamples = 1_000,
): P95Draws {
  const shared = namesOf(b);
  const names = [...namesOf(a)].filter((name) => shared.has(name)).sort();
  const index = new Map(names.map((name, at) => [name, at]));
  const [one, two] = [sorted(a, index), sorted(b, index)];
  const n = names.length;
  const differing = names.filter((_, at) => one.prints[at] !== two.prints[at]).length;
  const differences = new Float64Array(differing === 0 || n < 2 ? 0 : resamples);
  const times = new Int32Array(n);
  for (let i = 0; i < differences.length; i++) {
    times.fill(0);
    for (let drawn = 0; drawn < n; drawn++) {
      const pick = rng.int(n);
      times[pick] = (times[pick] ?? 0) + 1;
    }
    differences[i] = minus(walk(two, times), walk(one, times));
  }
  return { from: p95Of(a), to: p95Of(b), n, differing, differences: differences.sort() };
}

/** Null with fewer than two clusters. Where fewer than five differ it holds 0. */
export function p95Interval(draws: P95Draws, miss = usualMiss): Interval | null {
  const { n, differing, differences, from, to } = draws;
  if (n < 2 || from === null || to === null) return null;
  if (differing === 0) return [0, 0];
  const seen = minus(to, from);
  const student = studentAt(1 - miss / 2, n - 1);
  const reach = Math.sqrt(n / (n - 1)) * student;
  const far = miss < usualMiss ? spread(draws) * student : 0;
  const low = Math.min(at(differences, normalShare(-reach)), seen - far);
  const high = Math.max(at(differences, normalShare(reach)), seen + far);
  return differing < enough ? [Math.min(0, low), Math.max(0, high)] : [low, high];
}

/** Of the resampled differences; 0 where all are equal, or some are of hung calls. */
export function spread({ differences }: P95Draws): number {
  const finite = differences.filter(Number.isFinite);
  if (finite.length < differences.length || finite.length < 2) return 0;
  const mean = finite.reduce((sum, each) => sum + each, 0) / finite.length;
  const squares = finite.reduce((sum, each) => sum + (each - mean) ** 2, 0);
  return Math.sqrt(squares / (finite.length - 1));
}

/** Two that never end are alike. */
export function minus(to: number, from: number): number {
  return to === from ? 0 : to - from;
}

function namesOf(side: readonly Timed[]): Set<string> {
  return new Set(side.map(({ cluster }) => cluster));
}

interface Side {
  /** The longest first. */
  items: { ms: number; weight: number; cluster: number }[];
  /** Of all calls of a cluster, and all that is known of their durations. */
  weights: number[];
  prints: string[];
}

/** Only clusters in `index`; all as one where it is empty. */
function sorted(side: readonly Timed[], index: ReadonlyMap<string, number>): Side {
  const { items, weights, prints }: Side = { items: [], weights: [], prints: [] };
  for (const { cluster, ms, hung, weight } of side) {
    const at = index.size === 0 ? 0 : index.get(cluster);
    if (at === undefined) continue;
    prints[at] = `${prints[at] ?? ''} ${ms.join()} ${hung}`;
    weights[at] = (weights[at] ?? 0) + weight * (ms.length + hung);
    for (const each of ms) items.push({ ms: each, weight, cluster: at });
    for (let i = 0; i < hung; i++) {
      items.push({ ms: Number.POSITIVE_INFINITY, weight, cluster: at });
    }
  }
  items.sort((x, y) => minus(y.ms, x.ms));
  return { items, weights, prints };
}

/** The duration at which the longest 5% of all weight have gone by. */
function walk({ items, weights }: Side, times: ArrayLike<number>): number {
  const whole = weights.reduce((sum, weight, cluster) => sum + weight * (times[cluster] ?? 0), 0);
  // Sums of fractions: a call whose weight ends at 5% is not beyond it.
  const most = whole * 0.05 * (1 + 1e-9);
  let gone = 0;
  for (const { ms, weight, cluster } of items) {
    gone += weight * (times[cluster] ?? 0);
    if (gone > most) return ms;
  }
  return items.at(-1)?.ms ?? 0;
}

/** Nearest rank. */
function at(rising: Float64Array, share: number): number {
  const rank = Math.ceil(share * rising.length);
  return rising[Math.min(rising.length, Math.max(1, rank)) - 1] ?? Number.NaN;
}
