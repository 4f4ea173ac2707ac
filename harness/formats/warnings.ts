// What a person is told whatever the thresholds say, one line each: a chain that would have ended
// its process, rules that tested nothing, figures that rest on assumptions.
import type { Report, ScenarioRow } from '../report.ts';
import { clockText } from './figure-text.ts';
import { isUntested, unmetFaults } from './scenario-cells.ts';

export function warningsOf(report: Report): string[] {
  return [
    ...stopped(report),
    ...report.scenarios.flatMap((row) => [...crashed(row), ...unmet(row)]),
    ...assumed(report),
  ].map((text) => `warning: ${text}`);
}

function stopped(report: Report): string[] {
  const text = stoppedText(report);
  return text === null ? [] : [text];
}

/** Why a live run ended before its last call; null where it did not. */
export function stoppedText({ stopped: where }: Report): string | null {
  if (!where) return null;
  const { by, scenario, trial, calls } = where;
  return `${scenario}: stopped by ${by} in trial ${trial}, after ${calls} calls: figures are of what was there by then`;
}

function crashed({ scenario, crashes: { count, first } }: ScenarioRow): string[] {
  if (!first) return [];
  const times = count === 1 ? 'once' : `${count} times`;
  return [
    `${scenario}: the chain threw ${times} where nothing catches it, first in trial ${first.trial} at ${clockText(first.at_ms)}: ${first.error}; in production each ends the process and every call in flight`,
  ];
}

function unmet(row: ScenarioRow): string[] {
  const none = unmetFaults(row);
  if (none.length === 0) return [];
  const all = isUntested(row)
    ? 'no request met a fault, so nothing was tested'
    : 'not every rule met a request';
  return [`${row.scenario}: ${all}: ${none.join('; ')}`];
}

function assumed({ scenarios }: Report): string[] {
  const targets = new Set(
    scenarios.flatMap(({ recordings, served_by }) =>
      Object.keys(served_by ?? {}).filter((target) => recordings[target]?.assumed),
    ),
  );
  if (targets.size === 0) return [];
  return [
    `no targets file knows the speed and the price of ${[...targets].sort().join(', ')}: what is missing is assumed`,
  ];
}
