// What `firedrill record` says: what it is about to do, how far it is, and what came of it.
import { oneLine } from '../formats/clean-text.ts';
import type { Spent } from './budget.ts';
import type { RecordResult } from './record.ts';
import type { RecordPlan } from './record-plan.ts';

/** What was set aside and taken back again may leave a rounding below 0. */
export function usdText(usd: number): string {
  return `$${Math.max(0, usd).toFixed(usd < 0.1 ? 4 : 2)}`;
}

/** What is asked before anything is sent. */
export function planText({ jobs, done, changed }: RecordPlan, mostUsd: number): string {
  const targets = [...Map.groupBy(jobs, ({ target }) => target.name)].map(
    ([name, own]) => `${name} (${own.length})`,
  );
  const notes = [
    ...(done > 0 ? [`${done} are there`] : []),
    ...(changed > 0 ? [`${changed} were asked otherwise`] : []),
  ];
  const more = notes.length > 0 ? `; ${notes.join(', ')}` : '';
  const count = plural(jobs.length, 'answer');
  return `${count} to record from ${targets.join(', ')}, at most ${usdText(mostUsd)}${more}`;
}

export function progressText({ requests, tokens, usd }: Spent, jobs: number): string {
  const of = `${plural(requests, 'request')} for ${plural(jobs, 'answer')}`;
  return `${of}, ${tokens.toLocaleString('en-GB')} tokens, ${usdText(usd)}`;
}

export function spentText({ requests, tokens, usd }: Spent): string {
  return `${plural(requests, 'request')}, ${tokens.toLocaleString('en-GB')} tokens, ${usdText(usd)}`;
}

export interface Summary {
  result: RecordResult | null;
  spent: Spent;
  /** Recordings in the file. */
  kept: number;
  /** Answers that are still missing. */
  left: number;
  /** Requests that may have been paid, and brought nothing. */
  unfinished: number;
  file: string;
}

export function summaryText({ result, spent, kept, left, unfinished, file }: Summary): string {
  const lines = [`${plural(kept, 'recording')} in ${file}`];
  if (result) lines.push(`sent: ${progressText(spent, kept)}`);
  for (const [why, count] of result?.failures ?? []) lines.push(`failed ${count}: ${oneLine(why)}`);
  if (result && result.skipped > 0) {
    lines.push(`not asked: ${result.skipped}, as their target turns everything down`);
  }
  if (result?.limit) lines.push(`stopped: the next request might exceed ${result.limit}`);
  if (unfinished > 0) {
    const what = `${plural(unfinished, 'request')} of an earlier command may have been paid`;
    lines.push(`unfinished: ${what} and brought nothing: --ask-unfinished asks again`);
  }
  if (left > 0) lines.push(`missing: ${left}; the same command goes on`);
  return `${lines.join('\n')}\n`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}
