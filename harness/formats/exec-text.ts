// What `firedrill exec` and `firedrill serve` print: the requests that crossed the wire, question
// by question, and which rules they kept.
import type { CallRecord } from '../outcome/call-record.ts';
import type { WireSeen } from '../realtime/wire-judge.ts';
import type { InvariantReport } from '../scoring/judge-invariants.ts';
import { areParallel, attemptLines } from './attempt-lines.ts';
import { oneLine } from './clean-text.ts';
import { clockText } from './figure-text.ts';

export function execText({ questions, requests, unattributed, shown, rules }: WireSeen): string {
  const more = questions - shown.length;
  const without = unattributed > 0 ? `, ${unattributed} without a question` : '';
  return [
    `${counted(requests, 'request')} for ${counted(questions, 'question')} crossed the wire${without}.`,
    ...shown.map(questionText),
    ...(more > 0 ? [`and ${counted(more, 'more question')}, in the history`] : []),
    rules.map(ruleText).join('\n'),
  ]
    .map((block) => `${block}\n`)
    .join('\n');
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function questionText({ call, attempts }: CallRecord): string {
  const parallel = areParallel(attempts);
  const lines = attempts
    .flatMap((_, index) => attemptLines(attempts, index + 1, parallel))
    .sort((a, b) => (a.at ?? Number.POSITIVE_INFINITY) - (b.at ?? Number.POSITIVE_INFINITY));
  const body = lines.flatMap(({ at, text, details }) => [
    `  ${(at === null ? '' : clockText(at)).padStart(9)}  ${text}`,
    ...details.map((detail) => `  ${' '.repeat(9)}  ${detail}`),
  ]);
  return [`question ${call.call}  ${oneLine(call.sample)}`, ...body].join('\n');
}

function ruleText([id, { rule, status, violations, first }]: [string, InvariantReport]): string {
  if (status === 'violated') {
    const what = first ? `\n     ${oneLine(first.text)}` : '';
    return `${id}  violated ${violations}x: ${rule}${what}`;
  }
  return `${id}  ${status === 'held' ? 'held' : 'not put to the test'}: ${rule}`;
}
