// I14: what a failure means is read from its status and codes, not from its words. Judged over
// twins: in one of them the words of errors speak for another class, and all else is the same.
// Errors whose class only their words tell have the same words in both (trial/told-by-fields.ts).
import type { Reason } from '../faults/rejection.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import { isToldByStatus } from '../trial/told-by-fields.ts';
import { failureOf } from './failure-kind.ts';
import type { Decisions, Invariant } from './invariant.ts';
import { decisionText, note, stepAfter } from './next-step.ts';

interface State {
  decisions: Decisions;
}

export const classByFields: Invariant<State> = {
  id: 'I14',
  rule: 'The class of a failure comes from status and code fields, never from words in text.',
  example: 'A 404 is tried again because its message names the model relay-504-large.',
  twin: 'words',
  start: () => ({ decisions: {} }),
  call({ decisions }, record) {
    for (const attempt of record.attempts) look(decisions, record, attempt);
  },
  // Without a twin there is nothing to compare: not applicable.
  end: ({ decisions }) => ({ exercised: 0, violations: 0, first: null, limit: null, decisions }),
};

function look(decisions: Decisions, record: CallRecord, attempt: AttemptRecord): void {
  const kind = failureOf(attempt);
  const told = attempt.effects.find(({ effect }) => effectMember(effect, 'rejection'));
  if (kind === null || !told || !hasOtherWords(attempt, told.effect)) return;
  const step = stepAfter(record, attempt);
  if (!step) return;
  const { target } = attempt;
  const before = record.attempts.filter(
    (one) => one.target === target && one.start.t < attempt.start.t,
  );
  // The rule stands for the words: a message of its own may be what misleads in the trial itself.
  const circumstance = `${kind} failure of ${target} by rule ${told.rule}, after ${before.length}`;
  const { name, at } = step;
  const text = (): string => decisionText(attempt, name, at);
  note(decisions, circumstance, name, { call: record.call.call, at, text });
}

/** Whether the twin says it in other words; in doubt it does, and then both are compared. */
function hasOtherWords({ start, reply, end }: AttemptRecord, effect: unknown): boolean {
  if (effectMember(effect, 'rejection', 'flaw') !== undefined) return false;
  if (effectMember(effect, 'rejection', 'body') === 'empty') return false;
  const status = reply?.status ?? 0;
  if (status < 300) return end?.inBand != null;
  const reason = effectMember(effect, 'rejection', 'reason');
  return start.wire.startsWith('openai-') || isToldByStatus(String(reason) as Reason, status);
}
