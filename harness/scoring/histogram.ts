// Durations in ms, counted by value while a trial runs and ranked by HdrHistogram when figures are
// asked for: an Hdr of full precision costs more to start and to store than a short trial itself.
import { Int32Histogram } from 'hdr-histogram-js';
import type { Figure } from './figures.ts';
import { Missing } from './figures.ts';

/** How often each whole number of ms came, and how many were longer than any (hung). */
export interface Counts {
  at: Map<number, number>;
  beyond: number;
}

/** Counts as plain JSON, by rising value. */
export interface CountsTally {
  at: [ms: number, count: number][];
  beyond: number;
}

export function createCounts(): Counts {
  return { at: new Map(), beyond: 0 };
}

/** Counts one duration; fractions are rounded, less than nothing is nothing. */
export function count(counts: Counts, ms: number): void {
  const value = ms > 0 ? Math.round(ms) : 0;
  counts.at.set(value, (counts.at.get(value) ?? 0) + 1);
}

export function tallyOf(counts: Counts): CountsTally {
  return { at: [...counts.at].sort((a, b) => a[0] - b[0]), beyond: counts.beyond };
}

export function mergeCounts(a: CountsTally, b: CountsTally): CountsTally {
  const at = new Map(a.at);
  for (const [ms, times] of b.at) at.set(ms, (at.get(ms) ?? 0) + times);
  return tallyOf({ at, beyond: a.beyond + b.beyond });
}

/** How many durations, those beyond included. */
export function sizeOf(tally: CountsTally): number {
  return tally.at.reduce((sum, [, times]) => sum + times, tally.beyond);
}

/**
 * Percentiles by nearest rank. Exact up to 262,143 ms; longer ones are rounded down to the fifth
 * digit, so that no threshold is breached by rounding. A percentile that falls on a value beyond
 * all others is missing with reason `hung`; where nothing was counted all are, with `none`.
 */
export function percentiles<Name extends string>(
  tally: CountsTally,
  wanted: Readonly<Record<Name, number>>,
  none: string,
): Record<Name, Figure> {
  const names = Object.entries<number>(wanted) as [Name, number][];
  const ranked = rank(tally);
  const figures = names.map(([name, percentile]) => {
    if (!ranked) return [name, new Missing(none)];
    const value = ranked.histogram.getValueAtPercentile(percentile);
    if (value >= ranked.beyond) return [name, new Missing('hung')];
    return [name, ranked.histogram.lowestEquivalentValue(value)];
  });
  return Object.fromEntries(figures) as Record<Name, Figure>;
}

/** The longest, exactly. */
export function longest(tally: CountsTally, none: string): Figure {
  if (tally.beyond > 0) return new Missing('hung');
  return tally.at.at(-1)?.[0] ?? new Missing(none);
}

/** Five digits are the most that Hdr has; what lies beyond stands far above the longest. */
function rank(tally: CountsTally): { histogram: Int32Histogram; beyond: number } | null {
  if (tally.at.length === 0 && tally.beyond === 0) return null;
  const beyond = 2 * (tally.at.at(-1)?.[0] ?? 0) + 2;
  const histogram = new Int32Histogram(1, beyond, 5);
  for (const [ms, times] of tally.at) histogram.recordValueWithCount(ms, times);
  if (tally.beyond > 0) histogram.recordValueWithCount(beyond, tally.beyond);
  return { histogram, beyond: histogram.lowestEquivalentValue(beyond) };
}
