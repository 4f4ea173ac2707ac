// Attempts that are a step on the way to an answer and never the answer: vectors, with which a
// chain searches, and what it asks beside the question, as a breaker that probes does.
import type { AttemptRecord, CallRecord } from './call-record.ts';
import { effectMember } from './effect-member.ts';

/** The attempts that could bring the caller's text; all, where the call made no such attempt. */
export function answering({
  attempts,
  servedBy,
}: Pick<CallRecord, 'attempts' | 'servedBy'>): AttemptRecord[] {
  const texts = attempts.filter(
    (attempt) => !attempt.start.vectors && (!attempt.start.beside || attempt === servedBy),
  );
  return texts.length > 0 ? texts : [...attempts];
}

/** Whether it brought all its vectors; they are billed, whatever they are worth. */
export function broughtVectors({ start, end }: AttemptRecord): boolean {
  return start.vectors === true && end?.marker === true;
}

/** Whether it brought vectors to search with: none is missing, none too short. */
export function broughtSoundVectors(attempt: AttemptRecord): boolean {
  const isSpoilt = attempt.effects.some(
    ({ effect }) => effectMember(effect, 'kind') === 'degenerate',
  );
  return broughtVectors(attempt) && !isSpoilt;
}
