// Where the answers of a run come from. Authored answers were written for a product and never sent
// by a provider: whoever reads a report has to be told.
import type { Report, ScenarioRow } from '../report.ts';
import { oneLine } from './clean-text.ts';

type Judge = NonNullable<ScenarioRow['judge']>;

export interface ProvenanceRow {
  target: string;
  kind: string;
  date: string;
  meaning: string;
  /** Where its speed and price come from. */
  figures: string;
}

const meanings: Readonly<Record<string, string>> = {
  recorded: 'the bytes that the provider sent, unchanged',
  'recorded-text': 'a text that somebody kept as its answer, in a response that firedrill renders',
  authored: 'written for the product; no provider ever sent it',
  live: 'what the provider said during the run',
};

const judging: Readonly<Record<string, string>> = {
  recorded: 'verdicts as the model sent them, unchanged',
  'recorded-text': 'verdicts that the model gave, in a response that firedrill renders',
  authored: 'verdicts written for the product; no model ever gave them',
};

/** By target, each once; a target that differs between scenarios has several rows. */
export function provenanceOf(report: Report): ProvenanceRow[] {
  const rows = new Map<string, ProvenanceRow>();
  for (const { recordings, judge } of report.scenarios) {
    if (judge) {
      const row = judgeRow(judge);
      rows.set(JSON.stringify([row.target, row.kind, row.date]), row);
    }
    for (const [name, { kind, date, assumed }] of Object.entries(recordings)) {
      const row = {
        target: oneLine(name),
        kind: oneLine(kind),
        date: date === null ? 'unknown' : oneLine(date),
        meaning: meanings[kind] ?? 'of a kind that this version does not know',
        figures: assumed ? 'assumed' : 'from a targets file',
      };
      rows.set(JSON.stringify([row.target, row.kind, row.date]), row);
    }
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function judgeRow({ target, prompt, kind, date }: Judge): ProvenanceRow {
  return {
    target: `${oneLine(target)} (judge)`,
    kind: oneLine(kind),
    date: date === null ? 'unknown' : oneLine(date),
    meaning: judging[kind] ?? 'verdicts of several kinds',
    figures: `prompt ${oneLine(prompt)}`,
  };
}

/** `judged by openai/gpt-4o, authored verdicts`: whoever reads a score so made has to be told. */
export function judgedText({ target, kind }: Judge): string {
  return `judged by ${oneLine(target)}, ${oneLine(kind)} verdicts`;
}

/** What it means that answers are authored. */
export const authoredMeans = 'written for the product, never sent by a provider';

/** One or two sentences for a terminal. */
export function provenanceText(report: Report): string {
  const kinds = kindsOf(report.scenarios.flatMap((row) => Object.values(row.recordings)));
  const judges = report.scenarios.flatMap(({ judge }) => judge ?? []);
  const answers =
    kinds.length === 0
      ? 'No recordings were used.'
      : `Answers: ${kinds.join(', ')}${kinds.includes('authored') ? ` (authored: ${authoredMeans})` : ''}.`;
  if (judges.length === 0) return answers;
  const by = [...new Set(judges.map(judgedText))].sort().join('; ');
  const isAuthored = kindsOf(judges).some((kind) => kind.includes('authored'));
  return `${answers} Quality: ${by}${isAuthored ? ' (no model gave them)' : ''}.`;
}

/** Each once. */
export function kindsOf(rows: readonly { kind: string }[]): string[] {
  return [...new Set(rows.map(({ kind }) => oneLine(kind)))].sort();
}
