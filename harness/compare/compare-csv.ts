// compare.csv: one row for each chain over all scenarios, then one for each of its scenarios.
import { csvLines } from '../formats/csv-lines.ts';
import type { CompareReport } from './compare-report.ts';
import { cellFigures } from './compare-words.ts';

const columns = [
  'rank',
  'chain',
  'current',
  'scenario',
  'share',
  'goodput',
  'availability',
  'latency_p95_ms',
  'quality_drop',
  'attempts_per_call',
  'cost_per_call_usd',
  'difference',
  'ci95_low',
  'ci95_high',
  'verdict',
  'pareto',
  'violated',
  'calls',
  'replay',
];

/** `scenario` is empty in the rows over all. A verdict and the front are of those only. */
export function compareCsv({ candidates, scenarios }: CompareReport): string {
  const shares = new Map(scenarios.map(({ name, share }) => [name, share]));
  const rows = candidates.flatMap((one) => {
    const { rank, name, current, verdict, pareto, violated, worst, cells } = one;
    const calls = cells.reduce((sum, cell) => sum + cell.calls, 0);
    const head = [rank, name, current];
    return [
      [
        ...[...head, null, 1, ...cellFigures(one), ...differenceCells(one.difference)],
        ...[verdict, pareto, violated.join(' '), calls, worst.replay],
      ],
      ...cells.map((cell) => {
        const broken = cell.violated.map(({ id }) => id).join(' ');
        const share = shares.get(cell.scenario) ?? null;
        return [
          ...[...head, cell.scenario, share, ...cellFigures(cell)],
          ...[...differenceCells(cell.difference), null, null, broken, cell.calls, cell.replay],
        ];
      }),
    ];
  });
  return csvLines([columns, ...rows]);
}

function differenceCells(
  found: CompareReport['candidates'][number]['difference'],
): (number | null)[] {
  return [found?.goodput ?? null, found?.ci95?.[0] ?? null, found?.ci95?.[1] ?? null];
}
