// Scores of what was served beside those of the healthy primary, as sums by sample and by who
// served; and the figures of any group of them. Sums are whole millionths: they do not depend on
// order, and 5% is exactly 5%.
import { stream } from '../rng.ts';
import type { Cluster } from './cluster.ts';
import { comparePaired, oneSample } from './compare.ts';
import { Missing } from './figures.ts';

const millionths = 1e6;

/** Over calls of one sample. */
export interface Sums {
  calls: number;
  /** Of these, calls that got another answer than the healthy primary's own, or another score. */
  other: number;
  healthy: number;
  served: number;
}

/** Of one sample: its family, and its sums by who served. */
export interface SampleSums {
  family: string | null;
  by: Record<string, Sums>;
}

export type SumsBySample = Readonly<Record<string, SampleSums>>;

export function noSums(): Sums {
  return { calls: 0, other: 0, healthy: 0, served: 0 };
}

export function addScores(
  sums: Sums,
  { healthy, served, other }: { healthy: number; served: number; other: boolean },
): void {
  sums.calls++;
  if (other) sums.other++;
  sums.healthy += Math.round(healthy * millionths);
  sums.served += Math.round(served * millionths);
}

export function mergeSums(a: SumsBySample, b: SumsBySample): Record<string, SampleSums> {
  const merged: Record<string, SampleSums> = { ...a };
  for (const [sample, { family, by }] of Object.entries(b)) {
    const own = { ...merged[sample]?.by };
    for (const [server, sums] of Object.entries(by)) {
      own[server] = total([sums, own[server] ?? noSums()]);
    }
    merged[sample] = { family: merged[sample]?.family ?? family, by: own };
  }
  return merged;
}

/** Over all samples. */
export function allOf(samples: SumsBySample): Sums[] {
  return Object.values(samples).map(({ by }) => total(Object.values(by)));
}

/** By family, in the order of their names; samples without one are in none. */
export function byFamily(samples: SumsBySample): Map<string, Sums[]> {
  const groups: [string, Sums][] = [];
  for (const { family, by } of Object.values(samples)) {
    if (family !== null) groups.push([family, total(Object.values(by))]);
  }
  return grouped(groups);
}

export function byServer(samples: SumsBySample): Map<string, Sums[]> {
  return grouped(Object.values(samples).flatMap(({ by }) => Object.entries(by)));
}

function grouped(entries: readonly (readonly [string, Sums])[]): Map<string, Sums[]> {
  const groups = new Map<string, Sums[]>();
  for (const [name, sums] of entries) {
    const group = groups.get(name);
    if (group) group.push(sums);
    else groups.set(name, [sums]);
  }
  return new Map([...groups].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `none`: why there is no figure where there are no calls. `names`: of the draws. */
export function pairedFigures(
  sums: readonly Sums[],
  { seed, names, none }: { seed: number; names: readonly string[]; none: string },
): Record<string, unknown> {
  const n = sums.length;
  const { calls, healthy, served } = total(sums);
  if (calls === 0) {
    const missing = new Missing(none);
    return {
      baseline: missing,
      served: missing,
      drop: missing,
      ci95: missing,
      n,
      calls,
      mde: missing,
    };
  }
  const whole = calls * millionths;
  const clusters: Cluster[] = sums.map((each) => ({
    difference: (each.healthy - each.served) / millionths,
    calls: each.calls,
    other: each.other,
  }));
  const { ci95, mde, noMde } = comparePaired(clusters, stream(seed, ...names));
  return {
    baseline: healthy / whole,
    served: served / whole,
    drop: (healthy - served) / whole,
    ci95: ci95?.map(settled) ?? new Missing(oneSample),
    n,
    calls,
    mde: mde === null ? new Missing(noMde ?? oneSample) : settled(mde),
  };
}

/** To a millionth, as fine as scores are: what sums of fractions add beyond that says nothing. */
function settled(value: number): number {
  return Math.round(value * millionths) / millionths || 0;
}

function total(sums: readonly Sums[]): Sums {
  const all = noSums();
  for (const each of sums) {
    all.calls += each.calls;
    all.other += each.other;
    all.healthy += each.healthy;
    all.served += each.served;
  }
  return all;
}
