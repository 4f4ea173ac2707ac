// I22: when nothing helped, the caller learns at once what went wrong first. Judged by what the
// error itself says; a list of attempts only where the error has one.
import { clipped } from '../clipped.ts';
import type { CallerError, TrialEvent } from '../history.ts';
import type { Limits } from '../limits.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { isStep } from '../outcome/session.ts';
import { answering } from '../outcome/steps.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Broken, Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failureOf } from './failure-kind.ts';
import { hasOthers } from './hops-of-others.ts';
import { marginMs } from './margins.ts';
import { tellsOf } from './told-cause.ts';

export const exhaustionError = callRule<TrialView>({
  id: 'I22',
  rule: "When all targets fail: one prompt error that keeps the primary's cause and lists every attempt.",
  example: "The fallback's 400 is thrown, and the 503 of the primary is in no field of the error.",
  know: (view) => view,
  judge,
});

function judge(view: TrialView, call: CallRecord): Finding {
  const { limits, trial } = view;
  const record = { ...call, attempts: exhausted(trial, call) };
  const { outcome, answer, attempts } = record;
  const error = answer?.error;
  if (outcome !== 'error' || record.caller) return null;
  if (!answer || !error || attempts.length === 0) return null;
  if (attempts.some((attempt) => failureOf(attempt) === null)) return null;
  return (
    causeLost(trial, record, error, answer.t) ??
    incomplete(record, error, answer.t) ??
    ofOthers(view, call, error, answer.t) ??
    late(limits, record, answer.t) ??
    'held'
  );
}

/**
 * What was tried for the turn that nobody answered. A model that the chain does not declare among
 * its targets is a step beside them: a guard, a router.
 */
function exhausted({ targets = [] }: TrialEvent, call: CallRecord): AttemptRecord[] {
  const all = answering(call);
  const turn = all.slice(all.findLastIndex(isStep) + 1);
  const declared = turn.filter(({ target }) => targets.includes(target));
  return declared.length > 0 ? declared : turn;
}

/** The primary's cause: of any of its failures, in any field. */
function causeLost(
  { primary }: TrialEvent,
  { attempts }: CallRecord,
  error: CallerError,
  at: number,
): Broken | null {
  const [first] = attempts;
  if (!first) return null;
  // A later turn of a session may begin with whoever answered the one before.
  const isLead = ({ target }: AttemptRecord): boolean =>
    target === first.target || ((first.start.turn ?? 1) > 1 && target === primary);
  const leads = attempts.filter(isLead);
  if (
    tellsOf(
      error,
      leads,
      attempts.filter((attempt) => !isLead(attempt)),
    )
  )
    return null;
  const text = (): string =>
    `${attemptText(first)}. The error that the caller got at ${seconds(at)} does not tell it: ` +
    `${error.name}: ${clipped(error.message, 200)}. It should keep the cause of the first target.`;
  return { at, text };
}

/** Retries beneath the chain need no entry of their own, targets do; names may be its own. */
function incomplete({ attempts }: CallRecord, error: CallerError, at: number): Broken | null {
  if (!error.attempts) return null;
  const targets = [...new Set(attempts.map((attempt) => attempt.target))];
  const listed = error.attempts.length;
  if (listed >= targets.length) return null;
  const text = (): string =>
    `The error that the caller got at ${seconds(at)} lists ${listed} attempts; on the wire were ` +
    `${attempts.length}, on ${targets.join(', ')}, from ${seconds(attempts[0]?.start.t ?? 0)}.`;
  return { at, text };
}

function ofOthers(
  { limits, trial }: TrialView,
  { attempts }: CallRecord,
  error: CallerError,
  at: number,
): Broken | null {
  const listed = error.attempts?.length ?? 0;
  const asked = attempts.map(({ target }) => target);
  const targets = [...(trial.targets ?? []), ...asked];
  if (!hasOthers(listed, attempts, targets, limits.attempts)) return null;
  const text = (): string =>
    `The error that the caller got at ${seconds(at)} lists ${listed} attempts; the call made ` +
    `${attempts.length}. The others can only be those of other calls.`;
  return { at, text };
}

/** Idle for longer than any stream may be, with nothing to wait for. */
function late({ idleMs }: Limits, { attempts }: CallRecord, at: number): Broken | null {
  let over = 0;
  for (const { end } of attempts) over = Math.max(over, end?.t ?? at);
  const last: AttemptRecord | undefined = attempts.at(-1);
  if (!last || typeof last.reply?.hintMs === 'number' || at - over <= idleMs + marginMs) {
    return null;
  }
  const text = (): string =>
    `${attemptText(last)}, and all attempts were over at ${seconds(over)}. The error came at ` +
    `${seconds(at)}; it should have come at once.`;
  return { at, text };
}
