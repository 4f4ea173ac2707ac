// What came of a run, in a sentence or two.
import type { Report, ScenarioRow } from '../report.ts';
import { isUntested } from './scenario-cells.ts';

/** One sentence, and others for what the verdict does not say. */
export function verdictOf({ scenarios }: Report): string {
  const all = scenarios.length;
  const count = (is: (row: ScenarioRow) => boolean): number => scenarios.filter(is).length;
  const breached = count((row) => !row.held);
  const barred = count((row) => row.verdicts.length > 0);
  const untested = count((row) => row.held && isUntested(row));
  const parts = [];
  if (breached > 0) parts.push(`Thresholds were breached in ${breached} of ${all} scenarios.`);
  else if (barred > 0) parts.push(`All thresholds held in ${barred} of ${all} scenarios.`);
  if (barred < all) parts.push(`${all - barred} of ${all} scenarios have no thresholds.`);
  if (untested > 0) parts.push(`In ${untested} no request met a fault: nothing was tested.`);
  return parts.join(' ');
}
