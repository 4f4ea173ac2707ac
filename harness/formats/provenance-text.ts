// Where the answers of a run come from. Authored answers were written for a product and never sent
// by a provider: whoever reads a report has to be told.
import type { Report } from '../report.ts';
import { oneLine } from './clean-text.ts';

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
};

/** By target, each once; a target that differs between scenarios has several rows. */
export function provenanceOf(report: Report): ProvenanceRow[] {
  const rows = new Map<string, ProvenanceRow>();
  for (const { recordings } of report.scenarios) {
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

/** One sentence for a terminal. */
export function provenanceText(report: Report): string {
  const rows = provenanceOf(report);
  const kinds = [...new Set(rows.map(({ kind }) => kind))].sort();
  if (kinds.length === 0) return 'No recordings were used.';
  const authored = kinds.includes('authored');
  const note = authored ? ' (authored: written for the product, never sent by a provider)' : '';
  return `Answers: ${kinds.join(', ')}${note}.`;
}
