// The end of `firedrill run` on a terminal: a table of scenarios, what was breached and how to see
// it again, and one closing line. Not a Format: it is written nowhere.
import type CliTable from 'cli-table3';
import pc from 'picocolors';
import type { Report, ScenarioRow } from '../report.ts';
import { breachesOf, violationsOf } from './breaches.ts';
import { clockText, timeText } from './figure-text.ts';
import { notExercised } from './not-exercised.ts';
import { openTable, tableText } from './open-table.ts';
import { provenanceText } from './provenance-text.ts';
import type { ScenarioCells } from './scenario-cells.ts';
import { scenarioCells } from './scenario-cells.ts';
import { verdictOf } from './verdict-text.ts';

export interface TerminalLook {
  colour: boolean;
  /** Columns of the terminal. */
  width: number;
}

type Colours = ReturnType<typeof pc.createColors>;

/** Ends with a newline. */
export function terminalTable(report: Report, { colour, width }: TerminalLook): string {
  const colours = pc.createColors(colour);
  const trouble = report.scenarios.flatMap((row) => troubleOf(row, colours));
  const parts = [tableOf(report, colours, width), trouble.join('\n'), closing(report, colours)];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const heads: Readonly<Record<keyof ScenarioCells, string>> = {
  verdict: 'verdict',
  scenario: 'scenario',
  availability: 'available',
  p95: 'p95',
  fallback: 'fallback',
  drop: 'quality drop',
  saw: 'what users saw',
};

/** Characters of a column with the gap after it; the scenario's follows its names. */
const columnWidths = { verdict: 10, availability: 11, p95: 10, fallback: 10, drop: 17 };
const leastSaw = 30;

function tableOf(report: Report, colours: Colours, width: number): string {
  const rows = report.scenarios.map((row) => scenarioCells(row, shortReason));
  const longest = Math.max(heads.scenario.length, ...rows.map((row) => row.scenario.length));
  const { verdict, availability, p95, fallback, drop } = columnWidths;
  const scenario = Math.min(longest, 30) + 2;
  const fixed = [verdict, scenario, availability, p95, fallback, drop];
  const rest = width - fixed.reduce((sum, each) => sum + each, 0);
  const wide = rest >= leastSaw;
  const table = openTable({ wordWrap: true, colWidths: wide ? [...fixed, rest] : fixed });
  const cellsOf = (row: ScenarioCells): string[] => [
    row.verdict,
    row.scenario,
    row.availability,
    row.p95,
    row.fallback,
    row.drop,
  ];
  const head = [...cellsOf(heads), ...(wide ? [heads.saw] : [])];
  table.push(head.map((word) => colours.bold(word)));
  for (const row of rows) {
    const cells = cellsOf({ ...row, verdict: painted(row.verdict, colours) });
    if (wide) table.push([...cells, unclipped(row.saw, rest)]);
    else {
      const across = fixed.reduce((sum, each) => sum + each, 0);
      table.push(cells, [below(unclipped(row.saw, across), fixed.length)]);
    }
  }
  return tableText(table);
}

/** The table clips words longer than their column, with what stands behind them: so break them. */
function unclipped(text: string, column: number): string {
  // The gaps at both ends of a cell.
  const most = Math.max(8, column - 4);
  const pieces = new RegExp(`\\S{1,${most - 1}}[/-]|\\S{1,${most}}`, 'g');
  return text.replace(/\S+/g, (word) =>
    word.length <= most ? word : (word.match(pieces) ?? [word]).join('\n'),
  );
}

/** What users saw, under the other cells of a terminal too narrow for a column of its own. */
function below(content: string, colSpan: number): CliTable.CellOptions {
  return { content, colSpan, style: { 'padding-left': 2, 'padding-right': 2 } };
}

function shortReason(reason: string): string {
  return reason === 'hung' ? 'hung' : '-';
}

function painted(verdict: string, colours: Colours): string {
  if (verdict === 'BREACHED') return colours.red(verdict);
  return verdict === 'held' ? colours.green(verdict) : colours.yellow(verdict);
}

/** One line a finding; violated invariants stand for the threshold over them. */
function troubleOf(row: ScenarioRow, colours: Colours): string[] {
  const { scenario } = scenarioCells(row, shortReason);
  const line = (words: string, again: string): string =>
    `${colours.red(scenario)}: ${words}  ${colours.dim(again)}`;
  const breaches = breachesOf(row);
  const numbers = breaches.filter(({ path }) => path !== 'invariants');
  const lines = numbers.map(({ path, finding, bound, again }) =>
    line(`${path} ${finding}, wanted ${bound}`, again),
  );
  const overRules = breaches.find(({ path }) => path === 'invariants');
  if (!overRules) return lines;
  const wanted = overRules.bound.split(', ');
  const isWanted = ({ id }: { id: string }): boolean => wanted[0] === 'all' || wanted.includes(id);
  const violated = violationsOf(row).filter(isWanted);
  for (const { id, rule, violations, first, again } of violated) {
    const where = first ? `, first in call ${first.call} at ${clockText(first.atMs)}` : '';
    lines.push(line(`${id} violated ${violations}x${where}: ${rule}`, again));
  }
  return lines;
}

function closing(report: Report, colours: Colours): string {
  const words = verdictOf(report);
  const verdict = report.held ? colours.green(words) : colours.red(words);
  const drilled = report.trials.reduce((sum, trial) => sum + trial.virtual_ms, 0);
  const time = `${timeText(drilled)} drilled in ${timeText(report.wall.ms)}`;
  const said = `${verdict} ${time}, seed ${report.seed}. ${provenanceText(report)}`;
  const ids = notExercised(report).map(({ id }) => id);
  return ids.length === 0 ? said : `${said} Not put to the test: ${ids.join(' ')}.`;
}
