// I08: the caller gets an outcome in time, and one hanging target does not use up the time of all.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failedBeforePayload, failureOf } from './failure-kind.ts';
import { marginMs } from './margins.ts';
import type { TargetsSeen } from './targets-left.ts';
import { noTargetsSeen, seeEvent, seeMoves, targetLeft } from './targets-left.ts';
import { follows, overlap } from './timeline.ts';

export const totalDeadline = callRule<TargetsSeen>({
  id: 'I08',
  rule: 'The outcome arrives within the deadline, and a hanging target leaves the next one its share.',
  example: 'The primary hangs until the deadline, so that the fallback is never asked.',
  limit: ({ deadlineMs }) => `${seconds(deadlineMs)} a call`,
  know: noTargetsSeen,
  event: seeEvent,
  judge(seen, record) {
    const finding = judge(seen, record);
    if (record.attempts.length > 1) seeMoves(seen, record);
    return finding;
  },
});

/** A target that is silent for this long hangs. */
const hangMs = 1_000;

function judge(seen: TargetsSeen, record: CallRecord): Finding {
  const { deadlineMs } = seen.view.limits;
  const late = tooLate(record, deadlineMs);
  if (late) return late;
  if (record.caller || record.outcome === 'aborted') return null;
  const hanging = record.attempts.filter((attempt) => hangs(attempt, record));
  if (hanging.length > 0) {
    return neverAsked(seen, record, hanging) ?? tooLittleLeft(seen, record, hanging) ?? 'held';
  }
  return record.attempts.some((attempt) => failureOf(attempt) !== null) ? 'held' : null;
}

/** Counted from when the chain was asked: it has no part in the lateness of a closed loop. */
function tooLate(record: CallRecord, deadlineMs: number): Finding {
  const { call, answer, hung } = record;
  const due = call.t + deadlineMs;
  if (answer) {
    if (answer.t <= due + marginMs) return null;
    const what =
      record.caller || answer.kind === 'aborted' ? 'The caller gave up' : 'The outcome came';
    return lateBy(record, due, `. ${what} at ${seconds(answer.t)}.`);
  }
  // A trial may end before the deadline of its last calls.
  if (!hung || (hung.how === 'cut' && hung.t <= due + marginMs)) return null;
  return lateBy(record, due, ', and never came.');
}

function lateBy({ call, attempts }: CallRecord, due: number, what: string): Finding {
  const text = (): string => {
    const last = attempts.at(-1);
    const after = last ? ` Its last was ${attemptText(last)}.` : '';
    return `The chain was asked at ${seconds(call.t)}; the outcome should have come by ${seconds(due)}${what}${after}`;
  };
  return { at: due, text };
}

/** Silent before any payload until the client ended it, alone on the wire. */
function hangs(attempt: AttemptRecord, { attempts }: CallRecord): boolean {
  const { start, end, reply } = attempt;
  if (failureOf(attempt) !== 'silence' || !failedBeforePayload(attempt)) return false;
  if (!end || end.t - (reply?.t ?? start.t) < hangMs) return false;
  return !attempts.some((other) => other !== attempt && overlap(other, attempt));
}

function neverAsked(
  seen: TargetsSeen,
  record: CallRecord,
  hanging: readonly AttemptRecord[],
): Finding {
  const { answer, attempts, outcome } = record;
  const last = attempts.at(-1);
  if (outcome !== 'error' || !answer || answer.chars > 0) return null;
  if (!last || last !== hanging.at(-1) || attempts.length >= seen.view.limits.attempts) return null;
  const left = targetLeft(seen, record, last, null);
  if (left === null) return null;
  const text = (): string =>
    `${attemptText(last)}, having sent nothing. The caller got the error at ${seconds(answer.t)}; ` +
    `${left} should have been asked in good time.`;
  return { at: answer.t, text };
}

/**
 * The next target was cut off by the deadline itself, before its first payload and sooner than the
 * hanging one: what it had is compared with half of an equal share. Its own first-token limit is
 * not known, so only an end at the deadline counts.
 */
function tooLittleLeft(
  { view }: TargetsSeen,
  record: CallRecord,
  hanging: readonly AttemptRecord[],
): Finding {
  const { answer, attempts, outcome, call } = record;
  const last = attempts.at(-1);
  if (outcome !== 'error' || !answer || !last?.end) return null;
  const { deadlineMs } = view.limits;
  const atDeadline = Math.abs(answer.t - call.t - deadlineMs) <= marginMs;
  if (!atDeadline || last.end.how !== 'aborted' || last.end.first !== null) return null;
  if (answer.t - last.end.t > marginMs) return null;
  const before = hanging.findLast((one) => one.target !== last.target && follows(one, last));
  if (!before?.end) return null;
  const targets = new Set([
    ...(view.trial.targets ?? []),
    ...attempts.map((attempt) => attempt.target),
  ]);
  const share = deadlineMs / targets.size / 2;
  const had = last.end.t - last.start.t;
  if (had + marginMs >= Math.min(share, before.end.t - before.start.t)) return null;
  const text = (): string =>
    `${attemptText(before)}, having sent nothing. It left ${last.target} only ${seconds(had)} ` +
    `before the deadline at ${seconds(call.t + deadlineMs)}; half of an equal share is ${seconds(share)}.`;
  return { at: last.start.t, text };
}
