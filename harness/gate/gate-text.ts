// What a gate found, one line each, as people read it.
import pc from 'picocolors';
import type { ComparedFigure } from '../comparison/cases.ts';
import { oneLine } from '../formats/clean-text.ts';
import { shareText, timeText } from '../formats/figure-text.ts';
import { answersSaid } from '../formats/provenance-text.ts';
import type { TerminalLook } from '../formats/terminal-table.ts';
import type { GateFinding, GateReport } from './gate-report.ts';

/** A figure in its own unit; infinite: it falls on a call that hung. */
export function figureText(figure: ComparedFigure, value: number): string {
  if (!Number.isFinite(value)) return 'hung';
  if (figure === 'latency_ms.p95') return timeText(value);
  if (figure === 'cost_per_call_usd') return `$${value.toPrecision(3)}`;
  if (figure === 'attempts_per_call.mean') return value.toFixed(2);
  return shareText(value);
}

/** `availability 99.9% -> 97.2% (-2.7%, 95% -4.1% to -1.5%; at least 0.5% counts)`. */
export function changeText(
  figure: ComparedFigure,
  change: { from: number; to: number; difference: number; ci95: readonly number[]; bar: string },
): string {
  const { from, to, difference, ci95, bar } = change;
  const signed = (value: number): string => {
    const text = figureText(figure, Math.abs(value));
    if (!Number.isFinite(value)) return value > 0 ? 'to hung' : 'from hung';
    return `${value < 0 ? '-' : '+'}${text}`;
  };
  const [low = difference, high = difference] = ci95;
  return (
    `${figure} ${figureText(figure, from)} -> ${figureText(figure, to)} ` +
    `(${signed(difference)}, 95% ${signed(low)} to ${signed(high)}; ${bar} counts)`
  );
}

/** What a finding is called wherever it is told. */
export const findingWords: Readonly<Record<GateFinding['kind'], string>> = {
  breach: 'BREACHED',
  violation: 'VIOLATED',
  regression: 'REGRESSED',
  improvement: 'better',
};

/** Ends with a newline. */
export function gateText(report: GateReport, { colour }: TerminalLook): string {
  const colours = pc.createColors(colour);
  const { findings, scenarios, notes, gone, passed, baseline, answers } = report;
  const lines = findings.map(({ kind, scenario, text, replay }) => {
    const paint = kind === 'improvement' ? colours.green : colours.red;
    const again = replay === null ? '' : `  ${colours.dim(oneLine(replay))}`;
    return `${paint(findingWords[kind])} ${oneLine(scenario)}: ${oneLine(text)}${again}`;
  });
  for (const { scenario, status, changed } of scenarios) {
    if (status === 'new')
      lines.push(`new ${scenario}: it has no baseline; firedrill gate --update writes one`);
    if (status !== 'changed') continue;
    const what = changed.join(' and ');
    const have = changed.length === 1 && !what.endsWith('s') ? 'has' : 'have';
    lines.push(
      `changed ${scenario}: the ${what} ${have} changed since the baseline, so the chain is not compared; firedrill gate --update writes a new one`,
    );
  }
  for (const name of gone) {
    lines.push(
      `gone ${name}: it is in the baseline and was not drilled; firedrill gate --update takes it out`,
    );
  }
  for (const note of notes) lines.push(`note: ${note}`);
  const failed = findings.filter(({ kind }) => kind !== 'improvement').length;
  const compared = scenarios.filter(({ status }) => status === 'compared').length;
  const verdict = passed
    ? colours.green('The gate holds')
    : colours.red(`The gate fails: ${failed} ${failed === 1 ? 'finding' : 'findings'}`);
  lines.push(`${verdict}. ${compared} of ${scenarios.length} scenarios compared with ${baseline}.`);
  lines.push(answersSaid(answers));
  return `${lines.join('\n')}\n`;
}
