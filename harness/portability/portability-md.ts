// portability.md: the whole matrix with the answers side by side, for people who decide whether a
// prompt may fall back. All that comes from outside goes through markdown.ts.
import { shortLine } from '../formats/clean-text.ts';
import { code, plain, table } from '../formats/markdown.ts';
import { authoredMeans } from '../formats/provenance-text.ts';
import {
  answersBy,
  dropText,
  familyText,
  mdeText,
  points,
  rankText,
  shareInterval,
  shareOf,
  verdictWords,
} from './portability-cells.ts';
import type { Cell, FindingRow, PortabilityReport, SampleRow } from './portability-report.ts';

/** As much of an answer as fits beside another; portability.json has all of it. */
const mostOfAnswer = 700;

export function portabilityMd(report: PortabilityReport): string {
  const parts = [
    opening(report),
    '## How targets stand',
    standings(report),
    '## Prompts that do not travel',
    strays(report),
    '## What the linter found',
    findings(report),
    '## Every prompt on every target',
    ...report.samples.map((row) => sample(row)),
  ];
  return `${parts.join('\n\n')}\n`;
}

function opening(report: PortabilityReport): string {
  const { chain, workload, primary, provenance, floor, notes, targets } = report;
  const answers =
    provenance === 'authored'
      ? `**The answers are authored: ${authoredMeans}.**`
      : 'The answers are recorded.';
  return [
    `# Portability of ${plain(chain)} over ${plain(workload)}`,
    'Every prompt was asked with one target in reach at a time, through the chain itself: what users would get if only that one is up.',
    `Primary: ${plain(primary)}. A good answer scores at least ${shareOf(floor)}. ${answers} By target: ${plain(answersBy(targets))}. Seed ${report.seed}, firedrill ${plain(report.tool.version)}.`,
    ...(notes.length > 0 ? [notes.map((note) => `- ${plain(note)}`).join('\n')] : []),
  ].join('\n\n');
}

function standings({ standings, primary }: PortabilityReport): string {
  const head = [
    'family',
    'target',
    'rank as fallback',
    'score (95% interval)',
    'drop against the primary, points (95% interval)',
    'verdict',
    'least drop that would show',
    'against the best fallback',
    'answered',
    'n',
  ];
  const rows = standings.map((row) => [
    plain(familyText(row.family)),
    plain(row.target),
    rankText(row, row.target === primary),
    `${shareOf(row.mean)} ${shareInterval(row.ci95)}`.trim(),
    dropText(row.primary),
    verdictWords(row.primary),
    mdeText(row.primary),
    row.best === null ? '-' : `${dropText(row.best)}, ${verdictWords(row.best)}`,
    `${row.answered} of ${row.asked}`,
    String(row.n),
  ]);
  return table(head, rows);
}

function strays({ strays }: PortabilityReport): string {
  if (strays.length === 0) return 'None: what is good on the primary is good on every fallback.';
  const rows = strays.map(({ sample, family, target, primary, score, critical, why }) => [
    plain(sample) + (critical ? ' **critical**' : ''),
    plain(familyText(family)),
    plain(target),
    shareOf(primary),
    shareOf(score),
    plain(shortLine(why, 300)),
  ]);
  return table(['prompt', 'family', 'fallback', 'primary', 'there', 'why'], rows);
}

function findings({ findings }: PortabilityReport): string {
  if (findings.length === 0) return 'Nothing.';
  return findings.map(finding).join('\n');
}

function finding(found: FindingRow): string {
  const { rule, target, effect, what, source, requests, samples, example } = found;
  return [
    `- **${effect}** by ${plain(target)}, rule ${plain(rule)}: ${plain(what)}`,
    `  - in ${requests} requests for ${samples} prompts, first for ${plain(example.sample)}: ${code(shortLine(example.request, 500))}`,
    `  - source: ${plain(source)}`,
  ].join('\n');
}

function sample({ sample, family, critical, cells }: SampleRow): string {
  const mark = critical ? ', critical' : '';
  const rows = cells.map((cell) => [
    plain(cell.target),
    cell.status,
    shareOf(cell.score),
    points(cell.drop),
    plain(cell.failed.join('; ')),
    answerOf(cell),
  ]);
  const head = ['target', 'came', 'score', 'drop', 'checks that failed', 'answer'];
  return `### ${plain(sample)} (${plain(familyText(family))}${mark})\n\n${table(head, rows)}`;
}

function answerOf({ answer, why }: Cell): string {
  const said = answer === null ? '' : plain(shortLine(answer, mostOfAnswer));
  const wrong = why === null ? '' : `*${plain(shortLine(why, 300))}*`;
  return [wrong, said].filter((part) => part !== '').join(' ');
}
