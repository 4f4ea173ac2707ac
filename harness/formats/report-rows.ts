// The rows that tables over a report have: every scenario pooled, then every trial of it.
import type { AnswerKind } from '../provenance.ts';
import type { Report, ReportFigures, ScenarioRow, TrialRow } from '../report.ts';
import { figuresIn } from '../report.ts';
import type { Cell } from './csv-lines.ts';

export const rowHead = ['scenario', 'chain', 'row', 'trial', 'seed', 'clock', 'answers'];

export interface ReportRow {
  /** Under `rowHead`. Pooled rows have no trial, and the seed of the run. */
  place: Cell[];
  of: ScenarioRow | TrialRow;
  figures: ReportFigures;
}

export function reportRows(report: Report): ReportRow[] {
  return report.scenarios.flatMap((row) => {
    const { scenario, chain, clock } = row;
    const answers = kindsOf(Object.values(row.recordings).flatMap(({ kinds }) => kinds));
    const pooled: Cell[] = [scenario, chain, 'pooled', null, report.seed, clock, answers];
    const trials = report.trials
      .filter((trial) => trial.scenario === scenario && trial.chain === chain)
      .map((trial) => ({
        place: [scenario, chain, 'trial', trial.trial, trial.seed, trial.clock, answers],
        of: trial,
        figures: figuresIn(trial),
      }));
    return [{ place: pooled, of: row, figures: figuresIn(row) }, ...trials];
  });
}

/** `authored, recorded`: each kind once. */
export function kindsOf(kinds: readonly AnswerKind[]): string {
  return [...new Set(kinds)].sort().join(', ');
}
