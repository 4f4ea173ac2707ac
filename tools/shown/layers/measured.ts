// What one run gave, by scenario: figures of its report, and whether each call was good, so that
// two chains can be compared call by call.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import type { Report, ScenarioRow } from '../../../harness/report.ts';

export interface Call {
  sample: string;
  /** Whole, in time and good enough; null where nothing can score it. */
  good: boolean | null;
}

export interface Measured {
  row: ScenarioRow;
  /** By number: the same numbers ask the same in every chain. */
  calls: Map<string, Call>;
  /** Attempts that came to nothing, because of a fault. */
  onTheDead: number;
  /** Invariants that it was found to break. */
  accused: string[];
}

type Cells = Record<string, string>;

/** The bars of every scenario in scenarios/layers. */
const deadlineMs = 10_000;
const floor = 0.6;

const usable = new Set(['complete', 'continued', 'cached']);

export function measured(dir: string): Map<string, Measured> {
  const report: Report = JSON.parse(readFileSync(join(dir, 'report.json'), 'utf8'));
  const calls = own(dir, 'calls.csv');
  const attempts = own(dir, 'attempts.csv');
  return new Map(
    report.scenarios.map((row) => {
      const isHere = ({ scenario }: Cells): boolean => scenario === row.scenario;
      const broken = Object.entries(row.invariants).filter(
        ([, { status }]) => status === 'violated',
      );
      const one: Measured = {
        row,
        calls: new Map(calls.filter(isHere).map((cells) => [cells.call ?? '', callOf(cells)])),
        onTheDead: attempts.filter((cells) => isHere(cells) && cameToNothing(cells)).length,
        accused: broken.map(([id]) => id),
      };
      return [row.scenario, one];
    }),
  );
}

/** Rows of a table without those of twins and canaries. */
function own(dir: string, file: string): Cells[] {
  const text = readFileSync(join(dir, file), 'utf8');
  const rows: Cells[] = parse(text, { columns: true, bom: true });
  return rows.filter(({ twin, canary }) => twin === '' && canary !== 'yes');
}

function cameToNothing({ injected, terminal_marker }: Cells): boolean {
  return injected !== '' && terminal_marker !== 'yes';
}

function callOf({ sample = '', outcome = '', latency_ms, score }: Cells): Call {
  if (!usable.has(outcome)) return { sample, good: false };
  if (score === '') return { sample, good: null };
  return { sample, good: Number(latency_ms) <= deadlineMs && Number(score) >= floor };
}
