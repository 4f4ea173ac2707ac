// What `firedrill portability` prints: targets by family, prompts that do not travel, findings.
// Names, answers and errors are others' text: nothing of them moves a cursor.
import pc from 'picocolors';
import { oneLine, shortLine } from '../formats/clean-text.ts';
import { openTable, tableText } from '../formats/open-table.ts';
import { authoredMeans } from '../formats/provenance-text.ts';
import type { TerminalLook } from '../formats/terminal-table.ts';
import {
  answersBy,
  dropText,
  familyText,
  mdeText,
  rankText,
  shareInterval,
  shareOf,
} from './portability-cells.ts';
import type { FindingRow, PortabilityReport, Stray } from './portability-report.ts';

type Colours = ReturnType<typeof pc.createColors>;

const mostStrays = 15;
const fewAlike = 4;
const mostFindings = 25;

/** Ends with a newline. */
export function portabilityTable(report: PortabilityReport, look: TerminalLook): string {
  const colours = pc.createColors(look.colour);
  const parts = [
    standings(report, colours),
    legend(report),
    strays(report, colours, look.width),
    findings(report, colours),
    report.notes.map((note) => `note: ${oneLine(note)}`).join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

const heads = ['family', 'target', 'rank', 'score', '95%', 'drop, points (95%)', 'mde', 'got'];

function standings({ standings, primary }: PortabilityReport, colours: Colours): string {
  const table = openTable();
  table.push([...heads, 'n'].map((word) => colours.bold(word)));
  let last = '';
  for (const row of standings) {
    const family = oneLine(familyText(row.family));
    const drop = dropText(row.primary);
    table.push([
      family === last ? '' : family,
      oneLine(row.target),
      rankText(row, row.target === primary),
      shareOf(row.mean),
      shareInterval(row.ci95),
      row.primary?.verdict === 'worse' ? colours.red(drop) : drop,
      mdeText(row.primary),
      `${row.answered}/${row.asked}`,
      String(row.n),
    ]);
    last = family;
  }
  return tableText(table);
}

function legend({ provenance, primary, targets }: PortabilityReport): string {
  const from =
    provenance === 'authored' ? `Answers are authored: ${authoredMeans}.` : 'Answers are recorded.';
  return [
    `Drop: against ${oneLine(primary)}. mde: the least true drop that n scored prompts would probably show.`,
    `Got: prompts answered whole, of those asked. Rank: as fallback; = where it is not shown to be worse than the first.`,
    `${from} By target: ${answersBy(targets)}.`,
  ].join('\n');
}

function strays({ strays }: PortabilityReport, colours: Colours, width: number): string {
  if (strays.length === 0) return 'Every prompt that is good on the primary is good on all others.';
  const head = `${strays.length} times a prompt that is good on the primary is not on a fallback:`;
  const groups = alike(strays);
  const lines = groups.slice(0, mostStrays).map((group) => strayLine(group, colours, width));
  return [head, ...lines, ...more(groups.length, mostStrays)].join('\n');
}

/** What goes wrong in one way for many prompts is one line. */
function alike(strays: readonly Stray[]): Stray[][] {
  const groups = new Map<string, Stray[]>();
  for (const stray of strays) {
    const kind = JSON.stringify([stray.target, stray.why]);
    groups.set(kind, [...(groups.get(kind) ?? []), stray]);
  }
  return [...groups.values()].flatMap((group) =>
    group.length >= fewAlike ? [group] : group.map((one) => [one]),
  );
}

function strayLine(group: Stray[], colours: Colours, width: number): string {
  const [first] = group;
  if (!first) return '';
  const { sample, target, primary, score, why } = first;
  const one = group.length === 1;
  const grave = group.filter(({ critical }) => critical).length;
  const mark = grave === 0 ? '' : ` ${colours.red(one ? 'critical' : `${grave} critical`)}`;
  const who = one ? oneLine(sample) : `${group.length} prompts`;
  const fall = one ? `: ${shareOf(primary)} -> ${shareOf(score)}` : '';
  const line = `  ${who} on ${oneLine(target)}${fall}${mark}  `;
  return `${line}${colours.dim(shortLine(why, Math.max(40, width - line.length)))}`;
}

function findings({ findings, targets }: PortabilityReport, colours: Colours): string {
  const requests = targets.reduce((sum, target) => sum + target.requests, 0);
  if (findings.length === 0) return `The linter has no finding in ${requests} requests.`;
  const head = `${findings.length} findings in ${requests} requests:`;
  const lines = findings.slice(0, mostFindings).map((one) => findingLines(one, colours));
  return [head, ...lines, ...more(findings.length, mostFindings)].join('\n');
}

function findingLines(finding: FindingRow, colours: Colours): string {
  const { rule, target, effect, what, source, requests, example } = finding;
  const bad = effect === 'rejected' || effect === 'lost';
  const word = bad ? colours.red(effect) : colours.yellow(effect);
  const count = `${requests} request${requests === 1 ? '' : 's'}`;
  return [
    `  ${word} by ${oneLine(target)} (${rule}, ${count}): ${shortLine(what, 300)}`,
    colours.dim(`    first for ${oneLine(example.sample)}; source: ${oneLine(source)}`),
  ].join('\n');
}

function more(all: number, shown: number): string[] {
  return all > shown ? [`  and ${all - shown} more in portability.md`] : [];
}
