// Where the answers of a run come from: recorded, when and of which model, live, or authored.
// Authored answers were written for a product and never sent by a provider: whoever reads a report
// has to be told.
import type { AnswerKind, Provenance, TargetProvenance } from '../provenance.ts';
import type { Report, ScenarioRow } from '../report.ts';
import { oneLine } from './clean-text.ts';

type Judge = NonNullable<ScenarioRow['judge']>;
type Used = ScenarioRow['recordings'][string];

export interface ProvenanceRow {
  target: string;
  kind: string;
  /** `2026-03-01`, `2026-03-01 to 2026-03-04`, `unknown`. */
  dates: string;
  /** The models that answers say they are of. */
  models: string;
  meaning: string;
  /** When its answers came, beside when they were recorded. */
  times: string;
  /** Where its speed and price come from. */
  figures: string;
}

const meanings: Readonly<Record<AnswerKind, string>> = {
  recorded: 'the bytes that the provider sent, unchanged',
  'recorded-text': 'a text that somebody kept as its answer, in a response that firedrill renders',
  live: 'what the provider sent during the run',
  authored: 'written for the product; no provider ever sent it',
  made: 'made by firedrill; no provider ever sent it',
};

const judging: Readonly<Record<string, string>> = {
  recorded: 'verdicts as the model sent them, unchanged',
  'recorded-text': 'verdicts that the model gave, in a response that firedrill renders',
  authored: 'verdicts written for the product; no model ever gave them',
};

/** By target, each once; a target that differs between scenarios has several rows. */
export function provenanceOf(report: Report): ProvenanceRow[] {
  const rows = new Map<string, ProvenanceRow>();
  const times = new Map<string, Used['times'][]>();
  for (const { recordings, judge } of report.scenarios) {
    if (judge) {
      const row = judgeRow(judge);
      rows.set(JSON.stringify([row.target, row.kind, row.dates]), row);
    }
    for (const [name, used] of Object.entries(recordings)) {
      const row = usedRow(name, used);
      const key = JSON.stringify([row.target, row.kind, row.dates, row.models]);
      times.set(key, [...(times.get(key) ?? []), used.times]);
      const came = used.kind === 'live' ? 'as it came' : timesText(times.get(key) ?? []);
      rows.set(key, { ...row, times: came });
    }
  }
  return [...rows].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

function usedRow(name: string, used: Used): Omit<ProvenanceRow, 'times'> {
  return {
    target: oneLine(name),
    kind: used.kinds.join(', '),
    dates: datesText(used) ?? 'unknown',
    models: used.models.map(oneLine).join(', ') || 'not said',
    meaning: used.kinds.map((kind) => meanings[kind]).join('; or '),
    figures: used.assumed ? 'assumed' : 'from a targets file',
  };
}

function timesText(all: readonly Used['times'][]): string {
  const sum = (key: keyof Used['times']): number => all.reduce((n, one) => n + one[key], 0);
  const [recorded, speed, assumed] = [sum('recorded'), sum('recorded_speed'), sum('assumed')];
  const total = recorded + speed + assumed;
  if (total === 0) return 'not sent';
  if (assumed === total) return 'at its pace';
  if (recorded === total) return 'as recorded';
  const parts = [
    ...(recorded > 0 ? [`${recorded} as recorded`] : []),
    ...(speed > 0 ? [`${speed} as fast as recorded`] : []),
    ...(assumed > 0 ? [`${assumed} at its pace`] : []),
  ];
  return parts.join(', ');
}

function judgeRow({ target, prompt, kind, date }: Judge): ProvenanceRow {
  return {
    target: `${oneLine(target)} (judge)`,
    kind: oneLine(kind),
    dates: date === null ? 'unknown' : oneLine(date),
    models: 'not said',
    meaning: judging[kind] ?? 'verdicts of several kinds',
    times: 'not sent',
    figures: `prompt ${oneLine(prompt)}`,
  };
}

/** `judged by openai/gpt-4o, authored verdicts`: whoever reads a score so made has to be told. */
export function judgedText({ target, kind }: Judge): string {
  return `judged by ${oneLine(target)}, ${oneLine(kind)} verdicts`;
}

/** What it means that answers are authored. */
export const authoredMeans = 'written for the product, never sent by a provider';

/** What the answers of some scenarios are, by target; one that differs between them has several. */
export function answersIn(rows: readonly Pick<ScenarioRow, 'recordings'>[]): TargetProvenance[] {
  const all = rows.flatMap(({ recordings }) =>
    Object.entries(recordings).map(([target, { kind, kinds, dates, models }]) => {
      return { target, kind, kinds, dates, models };
    }),
  );
  return [...new Map(all.map((one) => [JSON.stringify(one), one])).values()];
}

/** One or two sentences. */
export function provenanceText(report: Report): string {
  const judges = report.scenarios.flatMap(({ judge }) => judge ?? []);
  const answers = answersSaid(answersIn(report.scenarios));
  if (judges.length === 0) return answers;
  const by = [...new Set(judges.map(judgedText))].sort().join('; ');
  const isAuthored = judges.some(({ kind }) => kind.includes('authored'));
  return `${answers} Quality: ${by}${isAuthored ? ' (no model gave them)' : ''}.`;
}

/**
 * `recorded 2026-03-01 to 2026-03-04 (openai/gpt-4o says gpt-4o-2024-08-06); authored (...)`, each
 * target once; null without any.
 */
export function answersText(all: readonly TargetProvenance[]): string | null {
  const groups = Map.groupBy(all, (one) =>
    [one.kinds.join(', '), datesText(one)].filter(Boolean).join(' '),
  );
  if (groups.size === 0) return null;
  const texts = [...groups].map(([label, own]) => {
    const targets = [...Map.groupBy(own, ({ target }) => target)].map(([target, of]) => {
      return saying(target, [...new Set(of.flatMap(({ models }) => models))].sort());
    });
    return `${label} (${targets.sort().join(', ')})`;
  });
  return texts.join('; ');
}

/** `Answers: recorded (...); authored (...). Authored: ...`: whole sentences. */
export function answersSaid(all: readonly TargetProvenance[]): string {
  const said = answersText(all);
  if (said === null) return 'No recordings were used.';
  const isAuthored = all.some(({ kinds }) => kinds.includes('authored'));
  return `Answers: ${said}.${isAuthored ? ` Authored: ${authoredMeans}.` : ''}`;
}

function saying(target: string, models: readonly string[]): string {
  const name = oneLine(target);
  return models.length === 0 ? name : `${name} says ${models.map(oneLine).join(' and ')}`;
}

/** Null where no day is known. */
export function datesText({ dates }: Pick<Provenance, 'dates'>): string | null {
  if (dates === null) return null;
  const [from, to] = [oneLine(dates.from), oneLine(dates.to)];
  return from === to ? from : `${from} to ${to}`;
}
