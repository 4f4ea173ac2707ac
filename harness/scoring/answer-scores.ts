// What one call adds to quality and to goodput: the scores of what was served and of what a healthy
// primary would have given, and whether the caller was well served.
import type { CallRecord, Outcome } from '../outcome/call-record.ts';
import { presentedAsSuccess, usable } from '../outcome/outcome-kinds.ts';

/**
 * Not what the target had said: a score that somebody gave to its answer is none of this text's.
 * Where no check can say better, it is worth nothing.
 */
const damaged: ReadonlySet<Outcome> = new Set([
  'spliced',
  'leaked',
  'truncated',
  'empty',
  'malformed',
] as const);

/** The caller took it for an answer. */
export function isShown({ outcome, answer }: CallRecord): boolean {
  return presentedAsSuccess.has(outcome) && answer !== null;
}

/** Of an answer that was shown; null where nobody can say. */
export function scoresOf({
  outcome,
  answer,
  healthy,
  servedBy,
}: CallRecord): { healthy: number; served: number; other: boolean } | null {
  // What only a judge can tell, and did not, is not worth nothing.
  const worthless = damaged.has(outcome) && !answer?.unjudged;
  const score = answer?.score ?? (worthless ? 0 : null);
  if (score === null || !healthy || healthy.score === null) return null;
  // Another target may say the same in one sample: in the next it need not.
  const isOthers = servedBy !== null && servedBy.target !== healthy.target;
  const other = isOthers || answer?.same !== healthy.id || score !== healthy.score;
  return { healthy: healthy.score, served: score, other };
}

/** A call without a usable answer is scored (as a failure) where an answer could have been. */
export function isUnscored({ outcome, answer, healthy }: CallRecord): boolean {
  const score = usable.has(outcome) ? answer?.score : (answer?.score ?? healthy?.score);
  return score === null || score === undefined;
}

/** Usable, within the deadline of the scheduled arrival, and scored at or above the floor. */
export function isGood(
  { deadlineMs, floor }: { deadlineMs: number | null; floor: number },
  { outcome, answer, call }: CallRecord,
): boolean {
  if (!answer || !usable.has(outcome) || answer.score === null) return false;
  return answer.score >= floor && (deadlineMs === null || answer.t - call.due <= deadlineMs);
}
