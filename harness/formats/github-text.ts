// What GitHub shows of a drill that runs in one of its workflows: annotations at the chain, and a
// summary on the page of the job. Not a Format: both go where GitHub says, not into the run's
// folder.
import type { Report, ScenarioRow } from '../report.ts';
import { askedRules, breachesOf, violationsOf } from './breaches.ts';
import { oneLine } from './clean-text.ts';
import { findingsOf, openingOf, scenarioTable } from './summary-md.ts';

/** GitHub shows so many of a step, and drops the others in silence. */
const most = 10;

export interface GithubWords {
  /** Workflow commands, a line each. */
  annotations: string;
  /** Markdown. */
  summary: string;
}

export function githubWords(report: Report): GithubWords {
  return { annotations: annotations(report), summary: stepSummary(report) };
}

/** One workflow command a line; '' where all thresholds held. */
export function annotations({ scenarios }: Report): string {
  const all = scenarios.filter(({ held }) => !held).flatMap(annotationsOf);
  const shown = all.length > most ? all.slice(0, most - 1) : all;
  const rest = all.length - shown.length;
  const more = rest === 0 ? [] : [errorAt(null, 'firedrill', `${rest} more are in the summary`)];
  return [...shown, ...more].map((line) => `${line}\n`).join('');
}

/** What was breached, and the table of all scenarios; the whole is in summary.md. */
export function stepSummary(report: Report): string {
  const parts = [
    openingOf(report),
    scenarioTable(report),
    ...report.scenarios.filter(({ held }) => !held).map(findingsOf),
  ];
  return `${parts.join('\n\n')}\n`;
}

function annotationsOf(row: ScenarioRow): string[] {
  const { chain } = row.files;
  const asked = askedRules(row);
  const rules = violationsOf(row).filter(({ id }) => asked.has(id));
  const told = (what: string, text: string): string =>
    errorAt(chain, `${oneLine(row.scenario)}: ${what}`, text);
  return [
    ...rules.map(({ id, rule, violations, exercised, again }) =>
      told(id, `${rule}: violated ${violations} of ${exercised} times. See it: ${again}`),
    ),
    ...breachesOf(row)
      .filter(({ path }) => path !== 'invariants')
      .map(({ path, finding, bound, again }) =>
        told(path, `${path} ${finding}; the bound is ${bound}. See it: ${again}`),
      ),
  ];
}

/** One workflow command, at the first line of a file where there is one. */
export function errorAt(file: string | null, title: string, text: string): string {
  const place = file === null ? '' : `file=${property(file)},line=1,`;
  return `::error ${place}title=${property(title)}::${data(text)}`;
}

/** As GitHub's own toolkit escapes them. */
function data(text: string): string {
  return oneLine(text).replaceAll('%', '%25');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
