// What is known of one call when it is judged, and the first questions that one asks of it.
import type { AnswerEvent, CallEvent, HungEvent, TextEvent } from '../history.ts';
import type { Earlier } from './answer-memory.ts';
import type { AttemptRecord } from './call-record.ts';
import type { Piece } from './provenance.ts';

/** All that is known of one call. Texts are compared without white space at both ends. */
export interface Evidence {
  call: CallEvent;
  /** In the order of their starts. */
  attempts: readonly AttemptRecord[];
  answer: AnswerEvent | null;
  hung: HungEvent | null;
  /** The reply of its own making that the chain declares. */
  degradeText: string | null;
  textOf(id: string): TextEvent | undefined;
  /** Every answer known for a sample. */
  answersTo(sample: string): readonly TextEvent[];
  /** The earlier call that got exactly this text. */
  earlier(text: string): Earlier | null;
  /** An attempt of no known call that sent exactly this text while the call was open. */
  stray(text: string): AttemptRecord | null;
  /** Until when payload may have gone into the answer: the answer's time, and the clock's grain. */
  until: number;
}

/** The answer that an attempt began to send. */
export function textOf(evidence: Evidence, { reply }: AttemptRecord): TextEvent | undefined {
  return reply?.text === undefined ? undefined : evidence.textOf(reply.text);
}

/** Whether any of its payload went out in time; an attempt that nobody saw end has the doubt. */
function hasBegun({ end }: AttemptRecord, until: number): boolean {
  return end === null || (end.first !== null && end.first <= until);
}

/** Whether all that it ever sent went out in time. */
export function isOverBy({ end }: AttemptRecord, until: number): boolean {
  return end === null || (end.last ?? end.t) <= until;
}

/** Whether all of its answer went out in time; an attempt that nobody saw end has the doubt. */
export function isWhole(attempt: AttemptRecord, event: TextEvent, until: number): boolean {
  const { end } = attempt;
  // What goes with tool calls is no answer, even where all of it went out.
  if (event.calls || event.unfinished) return false;
  if (end === null) return true;
  if (!isOverBy(attempt, until)) return false;
  if (end.chars >= event.text.length) return true;
  // An error in the middle of a stream ends it as completely as its last event would.
  return end.how === 'complete' && end.inBand === null;
}

/** What each attempt that had an answer was to send and did send; `known[i]` sent `pieces[i]`. */
export function piecesOf(evidence: Evidence): { known: AttemptRecord[]; pieces: Piece[] } {
  const { until } = evidence;
  const known: AttemptRecord[] = [];
  const pieces: Piece[] = [];
  for (const attempt of evidence.attempts) {
    const event = textOf(evidence, attempt);
    if (!event || !hasBegun(attempt, until)) continue;
    const whole = isWhole(attempt, event, until);
    const text = event.text.trim();
    const sent = whole ? text : event.text.slice(0, mostSent(attempt, event, until)).trim();
    known.push(attempt);
    pieces.push({ text, sent, whole });
  }
  return { known, pieces };
}

/** Of a stream that went on, the history does not say how far it was: only not at its end. */
function mostSent(attempt: AttemptRecord, { text }: TextEvent, until: number): number {
  const chars = attempt.end?.chars ?? 0;
  return isOverBy(attempt, until) ? chars : Math.min(chars, text.length - 1);
}

/** The last attempt of the call that had sent a whole answer. */
export function answeredWhole(evidence: Evidence): AttemptRecord | undefined {
  return evidence.attempts.findLast((attempt) => {
    const event = textOf(evidence, attempt);
    return event !== undefined && event.text !== '' && isWhole(attempt, event, evidence.until);
  });
}
