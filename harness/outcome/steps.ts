// Attempts that are a step on the way to an answer and never the answer: vectors, with which a
// chain searches.
import type { AttemptRecord, CallRecord } from './call-record.ts';
import { effectMember } from './effect-member.ts';

/** The attempts that could bring the caller's text; all, where the call made no such attempt. */
export function answering({ attempts }: Pick<CallRecord, 'attempts'>): AttemptRecord[] {
  const texts = attempts.filter(({ start }) => !start.vectors);
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
