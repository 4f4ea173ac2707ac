// CSV as every table of a report is written; the only import of csv-stringify. Cells that a
// spreadsheet would take for a formula get an apostrophe in front; numbers stay numbers.
import { stringify } from 'csv-stringify/sync';
import { oneLine } from './clean-text.ts';

/** Null is an empty cell. */
export type Cell = string | number | boolean | null;

export function csvLines(rows: readonly (readonly Cell[])[]): string {
  return stringify(
    rows.map((row) => row.map(shown)),
    { escape_formulas: true },
  );
}

function shown(cell: Cell): string | number | null {
  if (typeof cell === 'boolean') return cell ? 'yes' : 'no';
  return typeof cell === 'string' ? oneLine(cell) : cell;
}
