// What one run gave, by scenario: figures of its report, and whether each call was good, so that
// two chains can be compared call by call.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AttemptRecord, CallRecord } from '../../../harness/outcome/call-record.ts';
import { callsIn } from '../../../harness/outcome/calls-in.ts';
import { usable } from '../../../harness/outcome/outcome-kinds.ts';
import type { Report, ScenarioRow } from '../../../harness/report.ts';
import { ownEvents } from '../../../test/drills.ts';

export interface Call {
  sample: string;
  /** Whole, in time and good enough; null where nothing can score it. */
  good: boolean | null;
}

export interface Measured {
  row: ScenarioRow;
  /** By number: the same numbers ask the same in every chain. */
  calls: Map<number, Call>;
  /** Attempts that came to nothing, because of a fault. */
  onTheDead: number;
  /** Invariants that it was found to break. */
  accused: string[];
}

/** The bars of every scenario in scenarios/layers. */
const deadlineMs = 10_000;
const floor = 0.6;

export function measured(dir: string): Map<string, Measured> {
  const report: Report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'));
  const records = recordsIn(join(dir, 'history.jsonl'));
  return new Map(
    report.scenarios.map((row) => {
      const own = records.get(row.scenario) ?? [];
      const broken = Object.entries(row.invariants).filter(
        ([, { status }]) => status === 'violated',
      );
      const one: Measured = {
        row,
        calls: new Map(own.map((record) => [record.call.call, callOf(record)])),
        onTheDead: own.flatMap(({ attempts }) => attempts).filter(cameToNothing).length,
        accused: broken.map(([id]) => id),
      };
      return [row.scenario, one];
    }),
  );
}

/** By scenario. */
function recordsIn(history: string): Map<string, CallRecord[]> {
  const all = new Map<string, CallRecord[]>();
  for (const { trial, record } of callsIn(ownEvents(history))) {
    const list = all.get(trial.scenario) ?? [];
    list.push(record);
    all.set(trial.scenario, list);
  }
  return all;
}

function cameToNothing({ effects, end }: AttemptRecord): boolean {
  return effects.length > 0 && end?.marker !== true;
}

function callOf({ call, outcome, answer }: CallRecord): Call {
  const { sample, due } = call;
  if (!answer || !usable.has(outcome)) return { sample, good: false };
  const { score, t } = answer;
  if (score === null || score === undefined) return { sample, good: null };
  return { sample, good: t - due <= deadlineMs && score >= floor };
}
