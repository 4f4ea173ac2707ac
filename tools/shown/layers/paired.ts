// Differences between two chains that were asked the same at the same times under the same faults:
// of figures over seeds, and of goodput over samples.
import { stream } from '../../../harness/rng.ts';
import { bootstrap } from '../../../harness/scoring/bootstrap.ts';
import type { Cluster } from '../../../harness/scoring/cluster.ts';
import { meanDifference } from '../../../harness/scoring/cluster.ts';
import { studentAt } from '../../../harness/scoring/quantiles.ts';
import type { Measured } from './measured.ts';

export const figures = [
  'goodput',
  'p95_ms',
  'on_the_dead',
  'cost_usd',
  'cache_hits',
  'cache_precision',
  'errors',
  'wrong_critical',
] as const;

export type Figure = (typeof figures)[number];

function figureOf({ row, onTheDead }: Measured, figure: Figure): number {
  const { cache, outcomes, quality } = row;
  switch (figure) {
    case 'goodput':
      return row.goodput ?? Number.NaN;
    case 'p95_ms':
      return row.latency_ms.p95 ?? Number.NaN;
    case 'on_the_dead':
      return onTheDead;
    case 'cost_usd':
      return row.cost_usd ?? Number.NaN;
    case 'cache_hits':
      return cache.hits;
    case 'cache_precision':
      return cache.precision ?? Number.NaN;
    case 'errors':
      return outcomes.error ?? 0;
    case 'wrong_critical':
      return quality.critical.should_have_said_later;
    default:
      return figure satisfies never;
  }
}

/** Of all seeds; NaN where one has none. */
export function meanOf(all: readonly Measured[], figure: Figure): number {
  return mean(all.map((one) => figureOf(one, figure)));
}

export interface Difference {
  mean: number;
  low: number;
  high: number;
}

/** The first less the second, paired by seed: 95% of the mean, by Student's t. */
export function overSeeds(
  first: readonly Measured[],
  second: readonly Measured[],
  figure: Figure,
): Difference {
  const each = first.map((one, seed) => {
    const other = second[seed];
    return other ? figureOf(one, figure) - figureOf(other, figure) : Number.NaN;
  });
  const middle = mean(each);
  const n = each.length;
  const squares = each.reduce((sum, value) => sum + (value - middle) ** 2, 0);
  const reach = studentAt(0.975, n - 1) * Math.sqrt(squares / (n - 1) / n);
  return { mean: middle, low: middle - reach, high: middle + reach };
}

/** Goodput of the first less that of the second, paired by call; samples are what varies. */
export function goodputDifference(
  first: readonly Measured[],
  second: readonly Measured[],
): Difference {
  const clusters = new Map<string, Required<Cluster>>();
  for (const [seed, { calls }] of first.entries()) {
    for (const [number, { sample, good }] of calls) {
      const other = second[seed]?.calls.get(number)?.good ?? null;
      if (good === null || other === null) continue;
      const cluster = clusters.get(sample) ?? { difference: 0, calls: 0, other: 0 };
      cluster.difference += Number(good) - Number(other);
      cluster.calls++;
      cluster.other += good === other ? 0 : 1;
      clusters.set(sample, cluster);
    }
  }
  const all = [...clusters.values()];
  const [low, high] = bootstrap(all, stream(1, 'layers'));
  return { mean: meanDifference(all), low, high };
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

export function text(figure: Figure, value: number): string {
  if (Number.isNaN(value)) return '-';
  if (figure === 'goodput' || figure === 'cache_precision') return `${(100 * value).toFixed(1)}%`;
  if (figure === 'cost_usd') return `$${value.toFixed(3)}`;
  return value.toFixed(figure === 'p95_ms' ? 0 : 1);
}
