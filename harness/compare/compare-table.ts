// The end of `firedrill compare` on a terminal: the ranking, broken rules, and what to take.
import pc from 'picocolors';
import { oneLine } from '../formats/clean-text.ts';
import { timeText } from '../formats/figure-text.ts';
import { openTable, tableText } from '../formats/open-table.ts';
import type { TerminalLook } from '../formats/terminal-table.ts';
import type { CompareReport } from './compare-report.ts';
import { rankingHead, rankingRow, violationLines } from './compare-words.ts';

/** Ends with a newline. */
export function compareTable(report: CompareReport, { colour }: TerminalLook): string {
  const colours = pc.createColors(colour);
  const { candidates, recommendation, scenarios, calls, wall, seed } = report;
  const table = openTable();
  table.push(rankingHead.map((word) => colours.bold(word)));
  for (const one of candidates) {
    const cells = rankingRow(one);
    table.push(
      one.name === recommendation.candidate ? cells.map((cell) => colours.green(cell)) : cells,
    );
  }
  const broken = violationLines(report).map(
    ({ text, replay }) => `${colours.red(text)}  ${colours.dim(replay)}`,
  );
  const worst = candidates
    .filter(({ name, current }) => current || name === recommendation.candidate)
    .map(
      ({ name, worst: { scenario, replay } }) =>
        `${oneLine(name)} is worst in ${oneLine(scenario)}  ${colours.dim(replay)}`,
    );
  const perSecond = Math.round((calls * 1000) / Math.max(1, wall.ms)).toLocaleString('en');
  const closing =
    `${colours.bold(oneLine(recommendation.candidate))}: ${oneLine(recommendation.reason)}.\n` +
    `${candidates.length} chains on ${scenarios.length} scenarios, ${calls.toLocaleString('en')} calls in ` +
    `${timeText(wall.ms)} (${perSecond} a second), seed ${seed}.`;
  const parts = [tableText(table), broken.join('\n'), worst.join('\n'), closing];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}
