// What a call that ended in an error ended in, in one sentence.
import { clipped } from '../clipped.ts';
import type { AnswerEvent } from '../history.ts';

export function errorBecause({ error, chars }: AnswerEvent): string {
  const told = error ? clipped(`${error.name}: ${error.message}`, 300) : 'an error';
  if (chars === 0) return `The caller got ${told}`;
  // The error's own sentence ends, ours goes on.
  return `The caller got ${told.replace(/\.$/, '')}, after ${chars} characters`;
}
