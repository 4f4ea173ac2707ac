// How targets stand as fallbacks, for each family of tasks and for all of them: means with
// intervals, the drop against the primary, the distance to the best fallback. Pairs are samples.

import { everything } from '../measured-means.ts';
import { stream } from '../rng.ts';
import { bootstrap } from '../scoring/bootstrap.ts';
import type { Cluster } from '../scoring/cluster.ts';
import { meanDifference } from '../scoring/cluster.ts';
import type { Comparison } from '../scoring/compare.ts';
import { comparePaired } from '../scoring/compare.ts';
import type { Cell, ComparisonRow, SampleRow, StandingRow } from './portability-report.ts';

/** Families in the order of the workload, all prompts together first. */
export function standingsOf(
  rows: readonly SampleRow[],
  targets: readonly string[],
  seed: number,
): StandingRow[] {
  const families = new Set(rows.flatMap(({ family }) => family ?? []));
  const groups: [family: string, rows: readonly SampleRow[]][] = [[everything, rows]];
  for (const family of families) {
    groups.push([family, rows.filter((row) => row.family === family)]);
  }
  return groups.flatMap(([family, group]) => ofFamily(family, sorted(group), targets, seed));
}

/** The draws of the bootstrap go by position. */
function sorted(rows: readonly SampleRow[]): readonly SampleRow[] {
  return [...rows].sort((a, b) => (a.sample < b.sample ? -1 : 1));
}

function ofFamily(
  family: string,
  rows: readonly SampleRow[],
  targets: readonly string[],
  seed: number,
): StandingRow[] {
  const cells = (target: string): Cell[] =>
    rows.flatMap((row) => row.cells.filter((cell) => cell.target === target));
  const [primary, ...fallbacks] = targets;
  const plain = targets.map((target): StandingRow => {
    const own = cells(target);
    const drops = clusters(own.map(({ drop }) => drop));
    const rng = stream(seed, 'portability', family, target);
    const against = target === primary ? null : rowOf(comparePaired(drops, rng));
    return { ...meansOf(family, target, own, seed), rank: null, primary: against, best: null };
  });
  const ranked = fallbacks
    .flatMap((target) => plain.find((row) => row.target === target && row.mean !== null) ?? [])
    .sort((a, b) => distance(a) - distance(b) || (a.target < b.target ? -1 : 1));
  const best = ranked[0];
  return plain.map((row): StandingRow => {
    const at = ranked.indexOf(row);
    if (at < 0) return row;
    const rank = at + 1;
    if (!best || row === best) return { ...row, rank };
    const pairs = paired(rows, best.target, row.target);
    const rng = stream(seed, 'portability', family, best.target, row.target);
    return { ...row, rank, best: rowOf(comparePaired(pairs, rng)) };
  });
}

/** From the primary; where there is no such figure, means have to do. */
function distance({ primary, mean }: StandingRow): number {
  return primary?.drop ?? 1 - (mean ?? 0);
}

function meansOf(
  family: string,
  target: string,
  cells: readonly Cell[],
  seed: number,
): Omit<StandingRow, 'rank' | 'primary' | 'best'> {
  const scores = clusters(cells.map(({ score }) => score));
  const asked = cells.filter(({ status }) => wasAsked.has(status));
  const rng = stream(seed, 'portability', 'mean', family, target);
  return {
    family,
    target,
    mean: scores.length === 0 ? null : rounded(meanDifference(scores)),
    ci95: scores.length < 2 ? null : both(inRange(bootstrap(scores, rng))),
    n: scores.length,
    asked: asked.length,
    answered: cells.filter(({ status }) => status === 'answered').length,
    unscored: asked.filter(({ score }) => score === null).length,
  };
}

const wasAsked: ReadonlySet<Cell['status']> = new Set([
  'answered',
  'damaged',
  'refused',
  'failed',
] as const);

function clusters(values: readonly (number | null)[]): Cluster[] {
  return values.flatMap((value) => (value === null ? [] : { difference: value, calls: 1 }));
}

function paired(rows: readonly SampleRow[], best: string, other: string): Cluster[] {
  const score = (row: SampleRow, target: string): number | null =>
    row.cells.find((cell) => cell.target === target)?.score ?? null;
  return clusters(
    rows.map((row) => {
      const [one, two] = [score(row, best), score(row, other)];
      return one === null || two === null ? null : one - two;
    }),
  );
}

function rowOf({ drop, ci95, mde, n, verdict }: Comparison): ComparisonRow {
  return {
    drop: drop === null ? null : rounded(drop),
    ci95: ci95 && both(ci95),
    mde: mde === null ? null : rounded(mde),
    n,
    verdict,
  };
}

function both([low, high]: readonly [number, number]): [number, number] {
  return [rounded(low), rounded(high)];
}

/** What scores can make. */
function inRange([low, high]: readonly [number, number]): [number, number] {
  return [Math.max(0, low), Math.min(1, high)];
}

/** Sums of thirds and tenths differ in their last digit; nobody's score has nine of them. */
function rounded(value: number): number {
  return Number(value.toFixed(9)) + 0;
}
