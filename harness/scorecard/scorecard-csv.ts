// scorecard.csv: one row for each cell.
import { csvLines } from '../formats/csv-lines.ts';
import type { Scorecard } from './scorecard-report.ts';

const columns = [
  'scenario',
  'system',
  'clock',
  'versions',
  'verdict',
  'pass',
  'partial',
  'safe',
  'fail',
  'calls',
  'outcomes',
  'attempts_primary',
  'attempts_others',
  'latency_p50_ms',
  'latency_max_ms',
  'violated',
  'why',
  'replay',
];

export function scorecardCsv({ cells, systems }: Scorecard): string {
  const rows = cells.map((cell) => {
    const system = systems.find(({ name }) => name === cell.system);
    const { graded, latency_ms, attempts } = cell;
    return [
      cell.scenario,
      cell.system,
      system?.clock ?? '',
      words(system?.versions ?? {}),
      cell.verdict,
      ...['pass', 'partial', 'safe', 'fail'].map((grade) => graded && (graded[grade] ?? 0)),
      cell.calls,
      words(cell.outcomes),
      attempts.primary,
      attempts.others,
      latency_ms.p50,
      latency_ms.max,
      cell.violated.join(' '),
      cell.why,
      cell.replay,
    ];
  });
  return csvLines([columns, ...rows]);
}

function words(fields: Record<string, string | number>): string {
  return Object.entries(fields)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
}
