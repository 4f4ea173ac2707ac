// What went wrong in a run, one entry a finding, each with the command that shows it again.
import type { ScenarioRow } from '../report.ts';
import { oneLine } from './clean-text.ts';
import { exactText } from './figure-text.ts';
import { mdeText } from './quality-text.ts';

/** A threshold that did not hold; the texts are clean but not escaped. */
export interface Breach {
  /** A path of report.json, or `invariants`. */
  path: string;
  /** `is 7.412 s`, or `has no value (not recovered)`; of invariants which were violated. */
  finding: string;
  bound: string;
  again: string;
}

export interface Violated {
  id: string;
  /** Without the full stop. */
  rule: string;
  violations: number;
  exercised: number;
  limit: string | null;
  first: { trial: number; call: number; atMs: number; text: string } | null;
  again: string;
}

export function breachesOf(row: ScenarioRow): Breach[] {
  return row.verdicts
    .filter((verdict) => !verdict.held)
    .map(({ path, bound, value, reason }) => ({
      path: oneLine(path),
      finding:
        findingText(path, value, reason === null ? null : oneLine(reason)) +
        (value !== null && scoreOf.test(path) ? ` (${mdeText(row.quality)})` : ''),
      bound: oneLine(bound),
      again: oneLine(row.again),
    }));
}

const scoreOf = /^quality\.(baseline|served|drop)$/;

function findingText(path: string, value: number | null, reason: string | null): string {
  if (path === 'invariants') return reason ?? 'violated';
  if (value === null) return `has no value (${reason ?? 'no reason is known'})`;
  return `is ${exactText(path, value)}${reason === null ? '' : ` (${reason})`}`;
}

/** The rules that a threshold of the scenario asks for; none where no threshold does. */
export function askedRules({ verdicts, invariants }: ScenarioRow): ReadonlySet<string> {
  const bounds = verdicts.filter(({ path }) => path === 'invariants').map(({ bound }) => bound);
  return new Set(
    bounds.flatMap((bound) => (bound === 'all' ? Object.keys(invariants) : bound.split(', '))),
  );
}

export function violationsOf(row: ScenarioRow): Violated[] {
  return Object.entries(row.invariants)
    .filter(([, { status }]) => status === 'violated')
    .map(([id, { rule, violations, exercised, limit, example }]) => ({
      id: oneLine(id),
      rule: oneLine(rule).replace(/\.$/, ''),
      violations,
      exercised,
      limit: limit === null ? null : oneLine(limit),
      first: example && {
        trial: example.trial,
        call: example.call,
        atMs: example.at_ms,
        text: oneLine(example.text),
      },
      again: example ? oneLine(example.replay) : oneLine(row.again),
    }));
}
