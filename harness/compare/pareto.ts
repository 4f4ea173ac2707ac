// Who is on the Pareto front: chains that no other one beats in some figure without losing in any.
import type { CompareFigures } from './compare-report.ts';

type Figures = Pick<
  CompareFigures,
  'availability' | 'latency_ms' | 'quality' | 'cost_per_call_usd'
>;

/** All as losses: less is better. */
const losses: ((figures: Figures) => number | null)[] = [
  ({ availability }) => (availability === null ? null : -availability),
  ({ latency_ms }) => latency_ms.p95 ?? Number.POSITIVE_INFINITY,
  ({ quality }) => quality.drop,
  ({ cost_per_call_usd }) => cost_per_call_usd,
];

/** For each, the first that dominates it; null: it is on the front. */
export function dominators(all: readonly Figures[]): (number | null)[] {
  // A figure that one of them lacks tells none from another.
  const known = losses.filter((loss) => all.every((figures) => loss(figures) !== null));
  const table = all.map((figures) => known.map((loss) => loss(figures) ?? 0));
  return table.map((own) => {
    const found = table.findIndex((other) => dominates(other, own));
    return found < 0 ? null : found;
  });
}

function dominates(one: readonly number[], other: readonly number[]): boolean {
  const isNoWorse = one.every((loss, at) => loss <= (other[at] ?? loss));
  return isNoWorse && one.some((loss, at) => loss < (other[at] ?? loss));
}
