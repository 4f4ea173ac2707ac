// gate.md: what a gate found, for a comment on a pull request: the verdict, what got worse and what
// got better, and the figures before and after; and its annotations of the code.
import type { ComparedFigure } from '../comparison/cases.ts';
import { oneLine } from '../formats/clean-text.ts';
import { errorAt } from '../formats/github-text.ts';
import { code, plain, table } from '../formats/markdown.ts';
import { answersSaid } from '../formats/provenance-text.ts';
import type { GateFinding, GateReport } from './gate-report.ts';
import { figureText, findingWords } from './gate-text.ts';

/** All that a gate compares, in the order in which readers look. */
const columns: readonly ComparedFigure[] = [
  'availability',
  'goodput',
  'latency_ms.p95',
  'quality.drop',
  'attempts_per_call.mean',
  'cost_per_call_usd',
];

/** Ends with a newline. */
export function gateMd(report: GateReport): string {
  const { chain, passed, findings, scenarios, baseline, notes, answers } = report;
  const worse = findings.filter(({ kind }) => kind !== 'improvement');
  const better = findings.filter(({ kind }) => kind === 'improvement');
  const count = `${worse.length} ${worse.length === 1 ? 'finding' : 'findings'}`;
  const compared = scenarios.filter(({ status }) => status === 'compared').length;
  const parts = [
    `### firedrill gate: ${plain(chain)} ${passed ? 'holds' : `**fails**, ${count}`}`,
    `${compared} of ${scenarios.length} scenarios compared with ${code(baseline)}. ${plain(answersSaid(answers))}`,
    listOf(worse),
    better.length === 0 ? '' : `Better:\n\n${listOf(better)}`,
    tableOf(report),
    asides(report),
    notes.map((note) => `- ${plain(note)}`).join('\n'),
  ];
  return `${parts.filter((part) => part !== '').join('\n\n')}\n`;
}

/** Breached thresholds are told by the run itself. */
export function gateAnnotations({ findings }: GateReport, chainFile: string | null): string {
  return findings
    .filter(({ kind }) => kind === 'regression' || kind === 'violation')
    .map(({ scenario, figure, text, replay }) => {
      const again = replay === null ? '' : ` See it: ${replay}`;
      return `${errorAt(chainFile, `${oneLine(scenario)}: ${figure}`, text + again)}\n`;
    })
    .join('');
}

function listOf(findings: readonly GateFinding[]): string {
  return findings
    .map(({ kind, scenario, text, replay }) => {
      const again = replay === null ? '' : `<br>${code(oneLine(replay))}`;
      const isWorse = kind !== 'improvement';
      const head = isWorse ? `${findingWords[kind]} **${plain(scenario)}**` : plain(scenario);
      return `- ${head}: ${plain(text)}${again}`;
    })
    .join('\n');
}

/** Scenarios in which a figure is not as it was. */
function tableOf({ scenarios }: GateReport): string {
  const rows = scenarios.flatMap(({ scenario, before, figures }) => {
    if (before === null) return [];
    const cells = columns.map((figure) => cellOf(figure, before[figure], figures[figure]));
    return cells.some((cell) => cell.includes('→')) ? [[plain(scenario), ...cells]] : [];
  });
  if (rows.length === 0) return '';
  return table(['scenario', ...columns.map(plain)], rows);
}

function cellOf(
  figure: ComparedFigure,
  before: number | null | undefined,
  after: number | null | undefined,
): string {
  const said = (value: number | null | undefined): string =>
    typeof value === 'number' ? figureText(figure, value) : '-';
  const [was, is] = [said(before), said(after)];
  return was === is ? is : `${was} → ${is}`;
}

function asides({ scenarios, gone }: GateReport): string {
  const lines = scenarios.flatMap(({ scenario, status, changed }) => {
    if (status === 'new') return [`- ${plain(scenario)} is new: it has no baseline`];
    if (status !== 'changed') return [];
    return [`- ${plain(scenario)} is not compared: changed are ${plain(changed.join(', '))}`];
  });
  for (const name of gone) lines.push(`- ${plain(name)} was not drilled any more`);
  return lines.join('\n');
}
