// Tables on a terminal: no lines between cells, two blanks between columns.
import CliTable from 'cli-table3';

const noLines = Object.fromEntries(
  ['top', 'bottom', 'left', 'mid', 'right', 'middle']
    .flatMap((name) => [name, `${name}-mid`, `${name}-left`, `${name}-right`])
    .map((name) => [name, '']),
);

export function openTable(more: CliTable.TableConstructorOptions = {}): CliTable.Table {
  const style = { 'padding-left': 0, 'padding-right': 2, head: [], border: [] };
  return new CliTable({ chars: noLines, style, ...more });
}

/** The table fills its lines with blanks. */
export function tableText(table: CliTable.Table): string {
  return table
    .toString()
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n');
}
