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
  return deaf(attempts) ?? finding;
}

/** A sample may go wrong once: the second copy of the same request is the one too many. */
const mostDeaf = 2;

/**
 * A target that ignores the schema of a request ignores that of its copies too. Its answers are no
 * failures on the wire, so only what was injected can tell.
 */
export function deaf(attempts: readonly AttemptRecord[]): Finding {
  const ignored = attempts.filter(ignoredSchema);
  for (const attempt of ignored) {
    const copies = attempts.filter((other) => isCopy(attempt, other));
    if (copies.length < mostDeaf || !copies.every(ignoredSchema)) continue;
    const again = copies[mostDeaf - 1] ?? attempt;
    const text = (): string =>
      `${attemptText(attempt)}, without regard to the schema. The same request was sent to ` +
      `${again.target} for the third time at ${seconds(again.start.t)}; it can only fail again.`;
    return { at: again.start.t, text };
  }
  return ignored.length > 0 ? 'held' : null;
}

function ignoredSchema({ effects }: AttemptRecord): boolean {
  return effects.some(({ fault }) => fault === 'ignore-schema');
}

function isCopy(attempt: AttemptRecord, other: AttemptRecord): boolean {
  return (
    sameScope(attempt, other) && attempt.start.body === other.start.body && follows(attempt, other)
  );
}
