// Attempts that are a step on the way to an answer and never the answer: vectors, with which a
// chain searches. A leaf.
import type { AttemptRecord, CallRecord } from './call-record.ts';

/** The attempts that could bring the caller's text; all, where the call made no such attempt. */
export function answering({ attempts }: Pick<CallRecord, 'attempts'>): AttemptRecord[] {
  const texts = attempts.filter(({ start }) => !start.vectors);
  return texts.length > 0 ? texts : [...attempts];
}

/** Whether it brought all its vectors. */
export function broughtVectors({ start, end }: AttemptRecord): boolean {
  return start.vectors === true && end?.marker === true;
}
