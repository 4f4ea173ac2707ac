// I02: as long as no payload has come, nothing is lost by asking again. What counts is that the
// chain goes on at all (I13 asks for another target) and that nothing of the failure shows.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failedBeforePayload, failureOf, movesOn } from './failure-kind.ts';
import { gotText } from './refused-call.ts';
import type { TargetsSeen } from './targets-left.ts';
import { gaveUp, noTargetsSeen, seeEvent, seeMoves } from './targets-left.ts';
import { sameScope } from './timeline.ts';

export const prePayloadFailover = callRule<TargetsSeen>({
  id: 'I02',
  rule: 'A failure of the target before any payload moves on, and nothing of it reaches the caller.',
  example: 'An overload event right after the opening of a stream is thrown at the caller.',
  know: noTargetsSeen,
  event: seeEvent,
  judge(seen, record) {
    const finding = judge(seen, record);
    seeMoves(seen, record);
    return finding;
  },
});

const counts = (attempt: AttemptRecord): boolean => movesOn(failureOf(attempt));

function judge(seen: TargetsSeen, record: CallRecord): Finding {
  const { attempts, outcome, answer, servedBy } = record;
  if (record.caller || outcome === 'aborted' || outcome === 'hung') return null;
  const failed = attempts.find((attempt) => counts(attempt) && failedBeforePayload(attempt));
  if (!failed) return null;
  // Payload of another broken attempt would explain what leaked; that is for I03.
  const shown = attempts.some(({ end }, i) => attempts[i] !== servedBy && (end?.chars ?? 0) > 0);
  if (outcome === 'leaked' && answer && !shown) {
    const text = (): string =>
      `${attemptText(failed)}, before any payload. What it sent was shown to the caller as text at ` +
      `${seconds(answer.t)}; nothing of a failed attempt should be.`;
    return { at: answer.t, text };
  }
  const end = gaveUp(seen, record, counts);
  if (!end || !answer || attempts.some((a) => a !== end.last && sameScope(a, end.last))) {
    return 'held';
  }
  const text = (): string =>
    `${attemptText(end.last)}, before any payload. The caller got ${gotText(record)} at ` +
    `${seconds(answer.t)} without a further attempt, although ${end.left} was not asked.`;
  return { at: answer.t, text };
}
