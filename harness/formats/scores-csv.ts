// scores.csv: one row a scenario with all its trials pooled, and one a trial; one column a figure,
// under the path that a threshold would use.
import type { Cell } from './csv-lines.ts';
import { csvLines } from './csv-lines.ts';
import { intervalOf } from './figure-text.ts';
import type { ReportFormat } from './format.ts';
import type { ReportRow } from './report-rows.ts';
import { reportRows, rowHead } from './report-rows.ts';

export const scoresCsv: ReportFormat = {
  kind: 'report',
  file: 'scores.csv',
  describe: 'one row per scenario and trial, one column per figure',
  render(report) {
    const rows = reportRows(report).map((row) => ({ row, cells: figureCells(row) }));
    const paths = columnsOf(rows.map(({ cells }) => cells));
    const head = [...rowHead, 'virtual_ms', 'held', ...paths, 'without_value'];
    const lines = rows.map(({ row, cells }) => [
      ...row.place,
      row.of.virtual_ms,
      row.of.verdicts.every(({ held }) => held),
      ...paths.map((path) => cells.get(path) ?? null),
      reasonsText(row),
    ]);
    return csvLines([head, ...lines]);
  },
};

type Cells = Map<string, Cell>;

/** Figures by path; then the status of every invariant. */
function figureCells({ figures, of }: ReportRow): Cells {
  const cells: Cells = new Map();
  const { timeline: _, reasons: __, ...rest } = figures;
  flatten(rest, '', cells);
  for (const [id, { status }] of Object.entries(of.invariants)) {
    cells.set(`invariants.${id}`, status);
  }
  return cells;
}

function flatten(values: object, path: string, cells: Cells): void {
  for (const [key, value] of Object.entries(values)) {
    const at = `${path}${key}`;
    const interval = intervalOf(value);
    if (interval) {
      cells.set(`${at}.low`, interval.low);
      cells.set(`${at}.high`, interval.high);
    } else if (isPlain(value)) flatten(value, `${at}.`, cells);
    else if (isCell(value)) cells.set(at, value);
  }
}

function isPlain(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isCell(value: unknown): value is Cell {
  return value === null || ['string', 'number', 'boolean'].includes(typeof value);
}

/** The paths of all rows, those of one field side by side, in the order of the report. */
function columnsOf(rows: readonly Cells[]): string[] {
  const groups = new Map<string, Set<string>>();
  for (const path of rows.flatMap((cells) => [...cells.keys()])) {
    const field = path.split('.', 1)[0] ?? path;
    const group = groups.get(field);
    if (group) group.add(path);
    else groups.set(field, new Set([path]));
  }
  return [...groups.values()].flatMap((group) => {
    const paths = [...group];
    return paths.filter((path) => !isHollow(path, paths, rows));
  });
}

/** Null in some rows and a group (`quality.ci95`, `served_by`) in others: its parts are enough. */
function isHollow(path: string, paths: readonly string[], rows: readonly Cells[]): boolean {
  const hasParts = paths.some((other) => other.startsWith(`${path}.`));
  return hasParts && rows.every((cells) => (cells.get(path) ?? null) === null);
}

function reasonsText({ figures }: ReportRow): string {
  return Object.entries(figures.reasons)
    .map(([path, reason]) => `${path}: ${reason}`)
    .join('; ');
}
