// portability.csv: one row for each prompt on each target.
import { csvLines } from '../formats/csv-lines.ts';
import type { PortabilityReport } from './portability-report.ts';

const columns = [
  'sample',
  'family',
  'critical',
  'target',
  'primary',
  'status',
  'score',
  'drop',
  'checks_failed',
  'why',
  'answer',
];

export function portabilityCsv({ samples, primary }: PortabilityReport): string {
  const rows = samples.flatMap(({ sample, family, critical, cells }) =>
    cells.map((cell) => [
      sample,
      family,
      critical,
      cell.target,
      cell.target === primary,
      cell.status,
      cell.score,
      cell.drop,
      cell.failed.join('; '),
      cell.why,
      cell.answer,
    ]),
  );
  return csvLines([columns, ...rows]);
}
