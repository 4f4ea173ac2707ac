// The row of a scenario as every table for people has it; the texts are clean but not escaped.
import type { ScenarioRow } from '../report.ts';
import { oneLine } from './clean-text.ts';
import { shareText, timeText } from './figure-text.ts';
import { dropText } from './quality-text.ts';
import { usersSaw } from './users-saw.ts';

export interface ScenarioCells {
  scenario: string;
  verdict: string;
  availability: string;
  p95: string;
  fallback: string;
  drop: string;
  saw: string;
}

/** `missing` words a figure without a value from its reason. */
export function scenarioCells(
  row: ScenarioRow,
  missing: (reason: string) => string,
): ScenarioCells {
  const text = (path: string, value: number | null, words: (value: number) => string): string =>
    value === null ? missing(oneLine(row.reasons[path] ?? 'no value')) : words(value);
  // Said beside the figure, as tables are read without what stands below them.
  const by = row.judge ? `, ${oneLine(row.judge.kind)} verdicts` : '';
  const drop = dropText(row.quality);
  return {
    scenario: oneLine(row.scenario) + (row.clock === 'real' ? ' (real time)' : ''),
    verdict: verdictText(row),
    availability: text('availability', row.availability, shareText),
    p95: text('latency_ms.p95', row.latency_ms.p95, timeText),
    fallback: text('fallback_rate', row.fallback_rate, shareText),
    drop: drop === null ? missing(oneLine(row.reasons['quality.drop'] ?? 'no value')) : drop + by,
    saw: `${graded(row)}${usersSaw(row)}`,
  };
}

/** The grade of a scenario that says what it expects, and why it is not the best. */
function graded({ conduct }: ScenarioRow): string {
  if (!conduct?.grade) return '';
  const why = conduct.why === null ? '' : ` (${oneLine(conduct.why).replace(/\.$/, '')})`;
  return `${conduct.grade}${why}; `;
}

function verdictText(row: ScenarioRow): string {
  if (!row.held) return 'BREACHED';
  if (row.verdicts.length === 0) return 'no bar';
  return isUntested(row) ? 'untested' : 'held';
}

/** There are faults, and the chain met none of them: whatever held, held on an ordinary day. */
export function isUntested(row: ScenarioRow): boolean {
  return row.faults.length > 0 && unmetFaults(row).length === row.faults.length;
}

/** The rules that no request met, in words. */
export function unmetFaults({ faults }: ScenarioRow): string[] {
  return faults.filter(({ met }) => met === 0).map(({ fault }) => fault);
}
