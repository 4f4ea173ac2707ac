// What a chain did after an attempt, in few words: the decisions that twins are compared by. And
// how they are noted.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Decisions } from './invariant.ts';
import { follows, overlap } from './timeline.ts';

export interface Step {
  name:
    | 'asked it again'
    | 'asked another target'
    | 'ended as an error'
    | 'ended as a text'
    | 'never ended';
  /** ms since the start of the trial. */
  at: number;
  /** The attempt that it made; null where the call ended. */
  to: AttemptRecord | null;
}

/** Null where the caller or a cache decided, or where attempts ran side by side. */
export function stepAfter(record: CallRecord, attempt: AttemptRecord): Step | null {
  const { attempts, answer, hung, outcome, caller } = record;
  if (caller || outcome === 'aborted' || outcome === 'cached') return null;
  if (attempts.some((other) => other !== attempt && overlap(attempt, other))) return null;
  const to = attempts.find((other) => follows(attempt, other)) ?? null;
  if (to) {
    const name = to.target === attempt.target ? 'asked it again' : 'asked another target';
    return { name, at: to.start.t, to };
  }
  if (hung) return { name: 'never ended', at: hung.t, to };
  if (!answer) return null;
  const name = answer.kind === 'error' ? 'ended as an error' : 'ended as a text';
  return { name, at: answer.t, to };
}

/** Counts a decision under its circumstance; words are built for the first of its kind only. */
export function note(
  decisions: Decisions,
  circumstance: string,
  name: string,
  { call, at, text }: { call: number; at: number; text(): string },
): void {
  decisions[circumstance] ??= {};
  const seen = decisions[circumstance][name];
  if (seen) seen.calls++;
  else decisions[circumstance][name] = { calls: 1, first: { call, at, text: text() } };
}

/** "attempt 3 (...): 503 after 0.8 s. The chain asked it again at 13.5 s." */
export function decisionText(attempt: AttemptRecord, did: string, at: number): string {
  return `${attemptText(attempt)}. The chain ${did} at ${seconds(at)}.`;
}
