// Which of several attempts served, where each of them had sent the caller's text by then: retries
// come one after the other and the last is taken, hedges run side by side and the first is.
import type { AnswerEvent } from '../history.ts';
import type { AttemptRecord } from './call-record.ts';
import { isName } from './target-name.ts';

/** `attempts` in the order of their starts, each of them whole when the answer came. */
export function servingOf(
  attempts: readonly AttemptRecord[],
  answer: AnswerEvent,
): AttemptRecord | undefined {
  const [only, another] = attempts;
  if (!only || !another) return only;
  const said = answer.meta?.served;
  const named = said === undefined ? [] : attempts.filter(({ target }) => isName(said, target));
  const [first, ...rest] = named.length > 0 ? named : attempts;
  return rest.reduce((taken, next) => takenOf(taken, next, answer.t), first);
}

/** `next` started after `taken` did. */
function takenOf(
  taken: AttemptRecord | undefined,
  next: AttemptRecord,
  at: number,
): AttemptRecord | undefined {
  if (!taken || next.start.t >= finishedAt(taken)) return next;
  const marked = taken.end?.marker === true;
  if (marked !== (next.end?.marker === true)) return marked ? taken : next;
  // Who finished earlier, with nobody waiting for it any more, was given up before.
  const answers = endsAt(next, at);
  if (answers !== endsAt(taken, at)) return answers ? next : taken;
  return finishedAt(next) < finishedAt(taken) ? next : taken;
}

/** When its last payload went out; never, as far as anyone saw, where nobody saw it end. */
function finishedAt({ end }: AttemptRecord): number {
  return end ? (end.last ?? end.t) : Number.POSITIVE_INFINITY;
}

/** Whether the answer came at the very moment that it finished. */
function endsAt(attempt: AttemptRecord, at: number): boolean {
  const { end } = attempt;
  return finishedAt(attempt) === at || (end?.how === 'complete' && end.t === at);
}
