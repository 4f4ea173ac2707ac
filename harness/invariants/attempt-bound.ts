// I05: what one call may cost a provider that is already down. Layers that retry on their own
// multiply; a chain that starts over walks its targets twice.
import type { Limits } from '../limits.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { askedText, attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failureOf } from './failure-kind.ts';
import { follows, overlap, sameScope } from './timeline.ts';

export const attemptBound = callRule<Limits>({
  id: 'I05',
  rule: 'Attempts per call never exceed the limit, and no target is walked twice.',
  example:
    'Three retries of the SDK inside three retries of the router: nine requests for one call.',
  limit: ({ attempts }) => `${attempts} attempts`,
  know: ({ limits }) => limits,
  judge,
});

function judge(limits: Limits, record: CallRecord): Finding {
  const { attempts } = record;
  const turns = turnsOf(attempts);
  if (turns.length === attempts.length && allSucceeded(attempts)) return null;
  for (const turn of turns) {
    const most = limits.attempts * textsIn(turn);
    const excess = turn[most];
    if (excess) return { at: excess.start.t, text: () => tooMany(turn, most) };
  }
  return turns.map(walkedTwice).find((twice) => twice !== null) ?? 'held';
}

function allSucceeded(attempts: readonly AttemptRecord[]): boolean {
  return attempts.every((attempt) => failureOf(attempt) === null);
}

/**
 * Each turn of a session is a question of its own, with targets of its own to fail, and so is the
 * search for what was answered before.
 */
function turnsOf(attempts: readonly AttemptRecord[]): AttemptRecord[][] {
  const questionOf = ({ start }: AttemptRecord): number => (start.vectors ? 0 : (start.turn ?? 1));
  return [...Map.groupBy(attempts, questionOf).values()];
}

/** A collection may be embedded text by text, and each of them is a question of its own. */
function textsIn(turn: readonly AttemptRecord[]): number {
  if (!turn[0]?.start.vectors) return 1;
  const byTarget = [...Map.groupBy(turn, ({ target }) => target).values()];
  return Math.max(...byTarget.map((own) => new Set(own.map(({ start }) => start.body)).size));
}

function tooMany(attempts: readonly AttemptRecord[], limit: number): string {
  const byTarget = new Map<string, number>();
  for (const attempt of attempts) {
    const asked = askedText(attempt);
    byTarget.set(asked, (byTarget.get(asked) ?? 0) + 1);
  }
  const shares = [...byTarget].map(([target, times]) => `${times} on ${target}`).join(', ');
  const from = seconds(attempts[0]?.start.t ?? 0);
  const to = seconds(attempts.at(-1)?.start.t ?? 0);
  return `${attempts.length} attempts from ${from} to ${to} (${shares}); at most ${limit} are allowed.`;
}

/**
 * A target failed, was left for another that failed too, and was asked the same again. Attempts
 * side by side are lanes of a race, and other requests are steps of a task: neither is a walk.
 */
function walkedTwice(attempts: readonly AttemptRecord[]): Finding {
  if (attempts.length < 3) return null;
  for (let k = 2; k < attempts.length; k++) {
    const back = attempts[k];
    if (!back) continue;
    for (let j = k - 1; j > 0; j--) {
      const other = attempts[j];
      if (!other || sameScope(other, back) || !failedBefore(other, back)) continue;
      const left = attempts.slice(0, j).findLast((attempt) => sameScope(attempt, back));
      if (!left || left.start.body !== back.start.body || !failedBefore(left, other)) continue;
      if (raced(attempts, left, other)) continue;
      const text = (): string =>
        `${attemptText(left)}; ${attemptText(other)}; then ${askedText(back)} was asked the same again ` +
        `at ${seconds(back.start.t)}. Each target should be left only once.`;
      return { at: back.start.t, text };
    }
  }
  return null;
}

function failedBefore(a: AttemptRecord, b: AttemptRecord): boolean {
  return failureOf(a) !== null && follows(a, b);
}

function raced(attempts: readonly AttemptRecord[], a: AttemptRecord, b: AttemptRecord): boolean {
  const lane = attempts.filter((attempt) => sameScope(attempt, a));
  const other = attempts.filter((attempt) => sameScope(attempt, b));
  return lane.some((one) => other.some((two) => overlap(one, two)));
}
