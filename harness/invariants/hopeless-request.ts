// I12: what is wrong with the request is still wrong with its copy.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import type { FailureKind } from './failure-kind.ts';
import { failureOf } from './failure-kind.ts';
import { follows, sameScope } from './timeline.ts';

export const hopelessRequest = callRule<null>({
  id: 'I12',
  rule: 'A request that every retry would fail is not retried on the same target.',
  example: 'A prompt that is too long is sent to the same model three times.',
  know: () => null,
  judge: (_, record) => judge(record),
});

const hopeless: ReadonlySet<FailureKind | null> = new Set(['request', 'not-found'] as const);

function judge({ attempts }: CallRecord): Finding {
  let finding: Finding = null;
  for (const attempt of attempts) {
    if (!hopeless.has(failureOf(attempt))) continue;
    finding = 'held';
    // The server knows better.
    if (attempt.reply?.shouldRetry === true) continue;
    const copies = attempts.filter((other) => isCopy(attempt, other));
    const [again] = copies;
    if (!again || copies.some((copy) => failureOf(copy) === null)) continue;
    const text = (): string =>
      `${attemptText(attempt)}. The same request was sent to ${again.target} again at ` +
      `${seconds(again.start.t)}; it can only fail again.`;
    return { at: again.start.t, text };
  }
  return finding;
}

function isCopy(attempt: AttemptRecord, other: AttemptRecord): boolean {
  return (
    sameScope(attempt, other) && attempt.start.body === other.start.body && follows(attempt, other)
  );
}
