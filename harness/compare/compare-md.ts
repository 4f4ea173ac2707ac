// compare.md: the ranking for people. All that comes from outside goes through markdown.ts.
import { code, plain, table } from '../formats/markdown.ts';
import { answersSaid } from '../formats/provenance-text.ts';
import type { CompareCandidate, CompareReport } from './compare-report.ts';
import { rankingHead, rankingRow, share, signed, violationLines } from './compare-words.ts';

export function compareMd(report: CompareReport): string {
  const { candidates, recommendation } = report;
  const broken = violationLines(report);
  const blocks = [
    opening(report),
    `**${plain(recommendation.candidate)}**: ${plain(recommendation.reason)}.`,
    table(
      rankingHead,
      candidates.map((one) => rankingRow(one).map(plain)),
    ),
    ...(broken.length === 0
      ? []
      : [broken.map(({ text, replay }) => `- ${plain(text)}: ${code(replay)}`).join('\n')]),
    ...candidates.map(detail),
    `## Scenarios\n\n${scenarios(report)}`,
  ];
  return `${blocks.join('\n\n')}\n`;
}

function opening({ candidates, scenarios, seed, trials, answers, calls, weights }: CompareReport) {
  return [
    '# Comparison of chains',
    `${candidates.length} chains on ${scenarios.length} scenarios, ${trials === 1 ? '' : `${trials} trials, `}` +
      `seed ${seed}, ${calls.toLocaleString('en')} calls. ${plain(answersSaid(answers))}`,
    'Goodput: usable, in time and good enough, over all calls; scenarios count by how often they ' +
      `happen (${plain(weights.file)}). Differences are of the same calls, with 95% intervals over ` +
      'samples; better and worse hold for all chains together (Holm, 5%). Quality drops of all chains are ' +
      "against the current chain's primary. Front: no other chain is " +
      'as good in availability, p95, quality drop and cost, and better in one.',
  ].join('\n\n');
}

function detail({ name, file, cells }: CompareCandidate): string {
  const head = ['scenario', 'goodput', 'against current', 'available', 'violated'];
  const rows = cells.map((cell) => [
    plain(cell.scenario),
    share(cell.goodput),
    signed(cell.difference?.goodput ?? null),
    share(cell.availability),
    plain(cell.violated.map(({ id }) => id).join(' ')),
  ]);
  const replays = cells.map(({ scenario, replay }) => `- ${plain(scenario)}: ${code(replay)}`);
  return `## ${plain(name)}\n\n${code(file)}\n\n${table(head, rows)}\n\nThe call that was served worst:\n\n${replays.join('\n')}`;
}

function scenarios({ scenarios, weights }: CompareReport): string {
  const rows = scenarios.map(({ name, description, share: part }) => [
    plain(name),
    share(part),
    plain(description),
  ]);
  return `${table(['scenario', 'share', 'what happens'], rows)}\n\nShares: ${plain(weights.source)}`;
}
