// I25: when the caller goes, so does the work: no further attempt, no attempt left running, no
// sleep slept to its end. That an abort is not held against the provider is I20's.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Broken } from './call-rule.ts';
import type { Invariant, Violation } from './invariant.ts';
import { marginMs, releaseMs } from './margins.ts';
import type { SharedWork } from './shared-work.ts';
import { noSharedWork, ownAttempts, seeSharing } from './shared-work.ts';

interface State {
  exercised: number;
  violations: number;
  first: Violation | null;
  shared: SharedWork;
  /** The last attempt that had begun when a caller left, by call; until its record comes. */
  before: Map<number, number>;
  attempts: number;
  /** Calls that the chain never let go of: only the end of the trial tells for how long. */
  held: Violation[];
  closedMs: number | null;
}

export const callerAbort: Invariant<State> = {
  id: 'I25',
  rule: 'An abort stops attempts, sleeps and upstream work, and is not a provider failure.',
  example: 'The user has gone, and the chain sleeps through its backoff and asks again.',
  twin: null,
  start: () => ({
    exercised: 0,
    violations: 0,
    first: null,
    shared: noSharedWork(),
    before: new Map(),
    attempts: 0,
    held: [],
    closedMs: null,
  }),
  event(state, event) {
    seeSharing(state.shared, event);
    if (event.e === 'attempt') state.attempts = event.attempt;
    else if (event.e === 'caller') state.before.set(event.call, state.attempts);
    else if (event.e === 'close') state.closedMs = event.t;
  },
  call(state, record) {
    const { caller, call } = record;
    if (!caller) return;
    state.exercised++;
    const before = state.before.get(call.call) ?? 0;
    state.before.delete(call.call);
    const own = ownAttempts(state.shared, record);
    const broken =
      asksOn(own, caller.t, before) ??
      runsOn(own, caller.t) ??
      actsOn(own, record) ??
      heldOn(record);
    if (broken) {
      state.violations++;
      state.first ??= { call: call.call, at: broken.at, text: broken.text() };
    } else if (record.releasedAt === null && !ranTools(record)) {
      const text = `${leftText(record)} ${lastText(record)} The chain never let go of the call.`;
      state.held.push({ call: call.call, at: caller.t + releaseMs, text });
    }
  },
  end({ exercised, violations, first, held, closedMs }) {
    const limit = `${seconds(releaseMs)} after the caller has gone`;
    const result = { exercised, violations, first, limit };
    for (const violation of held) {
      if (closedMs === null || closedMs <= violation.at) continue;
      result.violations++;
      if (!result.first || violation.at < result.first.at) result.first = violation;
    }
    return result;
  },
};

/** An attempt that was on its way when the caller left is closed at once. */
function asksOn(own: readonly AttemptRecord[], leftMs: number, before: number): Broken | null {
  const next = own.find(({ start, end }) => {
    if (start.attempt <= before || start.t < leftMs) return false;
    return end?.how !== 'aborted' || end.t > leftMs + marginMs;
  });
  if (!next) return null;
  const text = (): string =>
    `The caller left at ${seconds(leftMs)}, and then there was ${attemptText(next)}; ` +
    'nothing should have been asked any more.';
  return { at: next.start.t, text };
}

function runsOn(own: readonly AttemptRecord[], leftMs: number): Broken | null {
  const late = own.find(
    (attempt) => attempt.start.t <= leftMs && endOf(attempt) > leftMs + releaseMs,
  );
  if (!late) return null;
  const text = (): string =>
    `The caller left at ${seconds(leftMs)}, and the chain went on with ${attemptText(late)}; ` +
    `it should have been closed by ${seconds(leftMs + releaseMs)}.`;
  return { at: leftMs + releaseMs, text };
}

/** What runs when the caller leaves may run to its end; what is begun after that helps nobody. */
function actsOn(own: readonly AttemptRecord[], record: CallRecord): Broken | null {
  const { caller, tools = [] } = record;
  if (!caller || own.length === 0) return null;
  const late = tools.find(({ t }) => t > caller.t + marginMs);
  if (!late) return null;
  const text = (): string =>
    `${leftText(record)} ${lastText(record)} The chain ran ${late.name} at ${seconds(late.t)}; ` +
    'nothing should have been begun any more.';
  return { at: late.t, text };
}

/** An attempt without an end has none because the history breaks off. */
function endOf({ start, end }: AttemptRecord): number {
  return end?.t ?? start.t;
}

/** Tools cannot be stopped half way. */
function heldOn(record: CallRecord): Broken | null {
  const { caller, releasedAt } = record;
  if (!caller || releasedAt === null || ranTools(record)) return null;
  const dueMs = caller.t + releaseMs;
  if (releasedAt <= dueMs) return null;
  const text = (): string =>
    `${leftText(record)} ${lastText(record)} The chain let go of the call at ` +
    `${seconds(releasedAt)}; it should have by ${seconds(dueMs)}.`;
  return { at: dueMs, text };
}

function ranTools({ tools }: CallRecord): boolean {
  return tools !== undefined && tools.length > 0;
}

function leftText({ caller }: CallRecord): string {
  return caller ? `The caller left at ${seconds(caller.t)}, ${caller.why}.` : '';
}

function lastText({ attempts }: CallRecord): string {
  const last = attempts.at(-1);
  return last ? `Last there was ${attemptText(last)}.` : 'Nobody had been asked.';
}
