// I13: a target that cannot be reached, or says itself that it is unwell, is what the other targets
// are there for. Errors inside a 200 are left to I02 and I04,
// bytes that are no JSON are not.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failedBeforePayload, failureOf, movesOn } from './failure-kind.ts';
import { gotText } from './refused-call.ts';
import type { TargetsSeen } from './targets-left.ts';
import { gaveUp, noTargetsSeen, seeEvent, seeMoves } from './targets-left.ts';
import { follows, sameScope } from './timeline.ts';

export const targetFailover = callRule<TargetsSeen>({
  id: 'I13',
  rule: 'Transport failures, unreadable answers, 404, 408, 409, 424, 425 and 5xx are followed by another target if one is left and the deadline allows.',
  example:
    'A retired model answers 404 and the call ends there, although 503s do reach the fallback.',
  know: noTargetsSeen,
  event: seeEvent,
  judge(seen, record) {
    const finding = judge(seen, record);
    seeMoves(seen, record);
    return finding;
  },
});

function counts(attempt: AttemptRecord): boolean {
  return attempt.end?.inBand == null && movesOn(failureOf(attempt)) && failedBeforePayload(attempt);
}

function judge(seen: TargetsSeen, record: CallRecord): Finding {
  const { attempts, answer } = record;
  const failed = attempts.filter(counts);
  if (failed.length === 0) return null;
  const end = gaveUp(seen, record, counts);
  if (end && answer) {
    const text = (): string =>
      `${attemptText(end.last)}. The caller got ${gotText(record)} at ${seconds(answer.t)}; ` +
      `${end.left}, which had not failed before, should have been asked.`;
    return { at: answer.t, text };
  }
  const moved = failed.some((one) =>
    attempts.some((other) => follows(one, other) && !sameScope(one, other)),
  );
  return moved ? 'held' : null;
}
