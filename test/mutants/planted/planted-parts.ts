// What single mistakes of the planted chain do to an attempt or a failure.
import type { Ended } from '../../../harness/chains/attempt.ts';
import { BadAnswer } from '../../../harness/chains/attempt-error.ts';
import type { Part, Target, TargetRequest } from '../../../harness/chains/target.ts';

/** The signal of nobody. */
export const never = new AbortController().signal;

/** Nobody can stop it. */
export function unclosed(target: Target, request: TargetRequest): AsyncIterable<Part> {
  const parts = target.ask(request, never)[Symbol.asyncIterator]();
  return { [Symbol.asyncIterator]: () => ({ next: () => parts.next() }) };
}

/** As code without types has it: no failure has counts. */
export function priceOf(failed: unknown): number {
  const { usage } = failed as { usage: { input: number; output: number } };
  return usage.input + usage.output;
}

/** The whole text, where it is JSON; else it is no answer. */
export async function* asJson(
  pieces: AsyncGenerator<string, Ended>,
): AsyncGenerator<string, Ended> {
  let text = '';
  let next = await pieces.next();
  for (; !next.done; next = await pieces.next()) text += next.value;
  try {
    JSON.parse(text.replace(/^```json|```$/g, ''));
  } catch {
    throw new BadAnswer('malformed', 'the answer is no JSON');
  }
  yield text;
  return next.value;
}
