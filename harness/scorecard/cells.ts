// From a scenario's row of a report to a cell of the scorecard.
import type { ScenarioRow } from '../report.ts';
import type { ScorecardCell } from './scorecard-report.ts';

export function cellOf(system: string, primary: string, row: ScenarioRow): ScorecardCell {
  const { scenario, calls, aborted, outcomes, latency_ms, invariants, conduct, again } = row;
  const provider = primary.slice(0, primary.indexOf('/'));
  const attempts = { primary: 0, others: 0 };
  for (const { attempts: made } of row.timeline) {
    for (const [name, count] of Object.entries(made)) {
      attempts[name === provider ? 'primary' : 'others'] += count;
    }
  }
  const grades = conduct && {
    pass: conduct.pass,
    partial: conduct.partial,
    safe: conduct.safe,
    fail: conduct.fail,
  };
  const violated = Object.keys(invariants).filter((id) => invariants[id]?.status === 'violated');
  return {
    system,
    scenario,
    verdict: conduct?.grade ?? boundText(row),
    graded: grades && kept(grades),
    calls,
    aborted,
    outcomes: kept(outcomes),
    attempts,
    latency_ms: { p50: numberOr(latency_ms.p50), max: numberOr(latency_ms.max) },
    violated,
    why: conduct?.why ?? null,
    replay: again,
  };
}

function boundText({ held, verdicts }: ScenarioRow): ScorecardCell['verdict'] {
  if (verdicts.length === 0) return 'no bar';
  return held ? 'held' : 'breached';
}

function numberOr(value: unknown): number | null {
  return typeof value === 'number' ? value : null;
}

/** Without those that did not happen. */
function kept(counts: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(counts).filter(([, count]) => count > 0));
}
