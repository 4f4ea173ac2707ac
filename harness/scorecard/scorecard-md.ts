// scorecard.md: who does what when a provider fails, for people. All that comes from outside goes
// through markdown.ts.
import { timeText } from '../formats/figure-text.ts';
import { code, plain, table } from '../formats/markdown.ts';
import { answersSaid } from '../formats/provenance-text.ts';
import { wilson } from '../scoring/wilson.ts';
import type { Scorecard, ScorecardCell, ScorecardSystem } from './scorecard-report.ts';

export function scorecardMd(card: Scorecard): string {
  const blocks = [opening(card), matrix(card), systems(card), ...card.scenarios.map(detail)];
  return `${blocks.join('\n\n')}\n`;

  function detail({ name, description }: Scorecard['scenarios'][number]): string {
    const own = card.cells.filter(({ scenario }) => scenario === name);
    const head = ['system', 'verdict', 'attempts', 'time', 'what callers got', 'broken'];
    const rows = own.map(cellWords);
    const replays = own.map(({ system, replay }) => `- ${plain(system)}: ${code(replay)}`);
    return `## ${plain(name)}\n\n${plain(description)}\n\n${table(head, rows)}\n\n${replays.join('\n')}`;
  }
}

function opening(card: Scorecard): string {
  const { chain, targets, seed, trials, made, tool, node, answers } = card;
  const seeds = trials === 1 ? `seed ${seed}` : `${trials} seeds from ${seed}`;
  return [
    `# Scorecard: ${plain(chain)}`,
    `One chain file (${targets.map(plain).join(', then ')}) in the hands of ${card.systems.length} ` +
      `systems, on ${card.scenarios.length} scenarios, ${seeds}. Made on ${plain(made)} with ` +
      `firedrill ${plain(tool.version)} on Node ${plain(node)}.`,
    `${plain(answersSaid(answers))} The systems are what others ship, set up ` +
      'as their guides show; those marked so ran in real time, over real sockets, the others in ' +
      'virtual time. pass: ' +
      'what the scenario wants; partial: more attempts or a worse answer than need be; safe: a clean ' +
      'error; fail: a wrong, cut or hung answer. Where a cell is wrong, docs/scorecard.md says how to ' +
      'dispute it.',
  ].join('\n\n');
}

function matrix({ scenarios, systems, cells }: Scorecard): string {
  const head = ['scenario', ...systems.map(({ name, clock }) => plain(name) + mark(clock))];
  const rows = scenarios.map(({ name }) => [
    plain(name),
    ...systems.map(({ name: system }) => {
      const cell = cells.find((one) => one.scenario === name && one.system === system);
      return cell ? verdictText(cell) : '-';
    }),
  ]);
  return table(head, rows);
}

function mark(clock: ScorecardSystem['clock']): string {
  return clock === 'real' ? ' (real time)' : '';
}

/** With the rules that were broken. */
function verdictText(cell: ScorecardCell): string {
  const broken = cell.violated.length === 0 ? '' : ` (${cell.violated.join(' ')})`;
  return `${cell.verdict}${broken}`;
}

function cellWords(cell: ScorecardCell): string[] {
  const { system, calls, aborted, outcomes, attempts, latency_ms, violated } = cell;
  const all = calls - aborted;
  const got = Object.entries(outcomes).map(([name, count]) => `${count} ${plain(name)}`);
  const slowest = latency_ms.max === null ? 'hung' : timeText(latency_ms.max);
  return [
    plain(system),
    [cell.verdict, gradeShare(cell)].filter(Boolean).join(' '),
    `${attempts.primary} on the primary, ${attempts.others} on others`,
    `at most ${slowest}`,
    `${got.join(', ')} of ${all}`,
    violated.join(' ') || '-',
  ];
}

/** Where some calls pass and others do not: how many, with the 95% interval of the share. */
function gradeShare({ graded }: ScorecardCell): string {
  const counts = Object.values(graded ?? {});
  const all = counts.reduce((sum, one) => sum + one, 0);
  const pass = graded?.pass ?? 0;
  if (counts.length < 2 || all === 0) return '';
  const [low, high] = wilson(pass, all).map((share) => Math.round(100 * share));
  return `(${pass} of ${all} pass; ${low} to ${high}%)`;
}

function systems({ systems: all }: Scorecard): string {
  const parts = all.map(({ name, describe, versions, not_said, configuration, error }) => {
    const packages = Object.entries(versions).map(([one, version]) => `${one} ${version}`);
    const lines = [
      `### ${plain(name)}`,
      `${plain(describe)}. ${plain(packages.join(', ') || 'not installed')}.`,
    ];
    if (error !== null) lines.push(`**Not drilled to the end:** ${plain(error)}`);
    if (not_said.length > 0) {
      lines.push(
        `Not said in its words:\n\n${not_said.map((one) => `- ${plain(one)}`).join('\n')}`,
      );
    }
    if (configuration !== null) lines.push(`\`\`\`\n${configuration.trimEnd()}\n\`\`\``);
    return lines.join('\n\n');
  });
  return `## The systems\n\n${parts.join('\n\n')}`;
}
