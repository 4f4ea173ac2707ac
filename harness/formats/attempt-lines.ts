// One attempt of a call as lines of a timeline: when it began and at whom, what was injected, what
// came back and when, how it ended.
import type { EndEvent, Ending, ReplyEvent } from '../history.ts';
import type { AttemptRecord } from '../outcome/call-record.ts';
import { oneLine } from './clean-text.ts';
import { injectedText } from './effect-text.ts';
import { clockText } from './figure-text.ts';

export interface TimelineLine {
  /** ms since the trial's start; null: it never happened. */
  at: number | null;
  text: string;
  /** Lines below it, without a time of their own. */
  details: string[];
}

/** `nth` counts from 1. Parallel attempts say in every line whose it is. */
export function attemptLines(
  attempts: readonly AttemptRecord[],
  nth: number,
  parallel: boolean,
): TimelineLine[] {
  const attempt = attempts[nth - 1];
  if (!attempt) return [];
  const { start, end } = attempt;
  const details = [sinceOthers(attempts, nth), ...oddities(attempt)].filter((line) => line !== '');
  for (const effect of attempt.effects) details.push(`injected: ${injectedText(effect)}`);
  const place = [start.wire, start.stream ? 'stream' : 'whole', start.region ?? ''];
  const where = place.filter((word) => word !== '').join(', ');
  const turn = start.turn === undefined ? '' : `, turn ${start.turn}`;
  const text = `attempt ${nth}  ${oneLine(attempt.target)} (${oneLine(where)})${turn}`;
  const whose = parallel ? `attempt ${nth}: ` : '';
  const lines = marksOf(attempt).map(
    ([at, words]): TimelineLine => ({ at, text: whose + words, details: [] }),
  );
  if (!end) lines.push({ at: null, text: `attempt ${nth} has no end in the history`, details: [] });
  return [{ at: start.t, text, details }, ...lines];
}

export function areParallel(attempts: readonly AttemptRecord[]): boolean {
  return attempts.some((attempt, index) => openAt(attempts.slice(0, index), attempt.start.t) > 0);
}

/** The last of the attempts that is open at an instant, from 1; 0: none. */
function openAt(attempts: readonly AttemptRecord[], t: number): number {
  return attempts.findLastIndex(({ end }) => end === null || end.t > t) + 1;
}

function sinceOthers(attempts: readonly AttemptRecord[], nth: number): string {
  const start = attempts[nth - 1]?.start.t ?? 0;
  const before = attempts.slice(0, nth - 1);
  const open = openAt(before, start);
  if (open > 0) return `while attempt ${open} is still open`;
  const ends = before.map(({ end }) => end?.t ?? 0);
  const last = Math.max(...ends);
  if (ends.length === 0 || last === start) return '';
  return `${clockText(start - last)} after the end of attempt ${ends.lastIndexOf(last) + 1}`;
}

/** What is not as it should be in the request itself. */
function oddities({ start }: AttemptRecord): string[] {
  const { foreign, secret, lacks, images, brings } = start;
  return [
    ...(foreign === undefined ? [] : [`with a ${foreign} of another provider`]),
    ...(secret ? [`with the key of ${oneLine(secret.of)} in ${oneLine(secret.in)}`] : []),
    ...(lacks ? [`without the ${lacks.join(', the ')} of its question`] : []),
    ...(images === undefined ? [] : [`with ${images === 1 ? 'an image' : `${images} images`}`]),
    ...(brings ? [`with the ${broughtWords[brings.what]} of an attempt that had failed`] : []),
  ];
}

const broughtWords = { text: 'half answer', error: 'words of the error' } as const;

/** What happened at the same time is one mark. */
function marksOf({ reply, end }: AttemptRecord): [at: number, words: string][] {
  const marks: [at: number, words: string][] = [];
  if (reply && reply.status > 0) marks.push([reply.t, statusWords(reply)]);
  if (end) marks.push(...payloadMarks(end, reply), [end.t, endWords(end, reply)]);
  const byTime = new Map<number, string[]>();
  for (const [at, words] of marks) {
    const same = byTime.get(at);
    if (same) same.push(words);
    else byTime.set(at, [words]);
  }
  return [...byTime].map(([at, words]) => [at, words.join(', ')]);
}

function statusWords({ status, reason, hintMs, shouldRetry }: ReplyEvent): string {
  const parts = [reason === null ? String(status) : `${status} ${oneLine(reason)}`];
  if (hintMs === null) parts.push('with a retry hint that cannot be read');
  if (typeof hintMs === 'number') parts.push(`retry after ${clockText(hintMs)}`);
  if (shouldRetry !== undefined)
    parts.push(shouldRetry ? 'should be retried' : 'not to be retried');
  return parts.join(', ');
}

function payloadMarks(
  { first, last, chars, marker }: EndEvent,
  reply: ReplyEvent | null,
): [at: number, words: string][] {
  if (first === null || last === null) return [];
  const calls = reply?.calls ?? 0;
  if (calls > 0) {
    const called = calls === 1 ? 'a tool call' : `${calls} tool calls`;
    const beside = chars === 0 ? '' : `, beside ${chars} characters of text`;
    return [[last, `${marker ? called : `a part of ${called}`}${beside}`]];
  }
  if (chars === 0) return [[last, 'a part of the body, too little for any text']];
  const all = `${chars} characters`;
  if (first === last) return [[first, `text of ${all}`]];
  return [
    [first, 'first text'],
    [last, `last text, ${all} in all`],
  ];
}

const endings: Readonly<Record<Ending, string>> = {
  complete: 'body complete',
  short: 'ends as if complete, but part of the answer was withheld',
  reset: 'connection reset',
  fin: 'connection closed early',
  refused: 'connection refused',
  dns: 'host name not found',
  tls: 'TLS handshake failed',
  'client-timeout': "the client's own limit of 300 s",
  aborted: 'aborted by the chain',
  open: 'still open at the end of the trial',
};

/** Silences shorter than this are not worth a word. */
const longGapMs = 1_000;

function endWords({ how, marker, inBand, gap, input, output }: EndEvent, reply: ReplyEvent | null) {
  const parts = [endings[how]];
  if (inBand !== null) parts.push(`error inside the stream: ${oneLine(inBand)}`);
  const isAnswer = reply !== null && reply.status > 0 && reply.status < 400;
  if (isAnswer && !marker && how === 'complete') parts.push('without its terminal marker');
  if (gap >= longGapMs) parts.push(`longest silence ${clockText(gap)}`);
  if (input + output > 0) parts.push(`${input} + ${output} tokens billed`);
  return parts.join(', ');
}
