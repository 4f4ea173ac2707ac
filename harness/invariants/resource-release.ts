// I26: what a call took is given back: its sockets soon after it is over, its timers with it, and
// its place among the calls in flight. What there is one of for the chain (a sweep of its cache, a
// pool) and what ends by itself in good time is nobody's leak: only what grows with the calls is.
import type { CloseEvent } from '../history.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Invariant, InvariantTally, Violation } from './invariant.ts';
import { marginMs, releaseMs } from './margins.ts';
import type { Refusals } from './refused-call.ts';
import { gotText, noRefusals, refusedBy, seeRefusals } from './refused-call.ts';
import type { SharedWork } from './shared-work.ts';
import { noSharedWork, ownAttempts, seeSharing } from './shared-work.ts';

interface State {
  view: TrialView;
  shared: SharedWork;
  refusals: Refusals;
  exercised: number;
  violations: number;
  first: Violation | null;
  refused: Violation[];
  close: CloseEvent | null;
}

/** Fewer calls that were refused, or that left a timer, are an accident, or one for each target. */
const fewest = 5;
const shareOfCalls = 0.1;

export const resourceRelease: Invariant<State> = {
  id: 'I26',
  rule: 'Sockets, timers and counters return to baseline.',
  example: 'A stream is given up and never closed: its connection stays open for five minutes.',
  twin: null,
  start: (view) => ({
    view,
    shared: noSharedWork(),
    refusals: noRefusals(view),
    exercised: 0,
    violations: 0,
    first: null,
    refused: [],
    close: null,
  }),
  event(state, event) {
    seeSharing(state.shared, event);
    seeRefusals(state.refusals, event);
    if (event.e === 'close') state.close = event;
  },
  call(state, record) {
    const refused = refusedBy(state.refusals, record);
    if (typeof refused === 'object' && refused?.afterCrowd) {
      const { t, call } = record.call;
      const text =
        `Nobody was asked for the call at ${seconds(t)}, which got ${gotText(record)}, though ` +
        `nothing had been on its way since ${seconds(state.refusals.quietSince)} and ` +
        `${refused.left} never had failed. What counts calls in flight should be at nought by then.`;
      state.refused.push({ call, at: t, text });
      return;
    }
    const own = ownAttempts(state.shared, record);
    if (own.every((attempt) => isDone(attempt, record))) return;
    state.exercised++;
    const leak = leakOf(state.view, own, record);
    if (!leak) return;
    state.violations++;
    state.first ??= leak;
  },
  end(state) {
    const { view, exercised, violations, first, refused } = state;
    const limit = `sockets ${seconds(view.limits.attemptMs)} after the call`;
    const tally: InvariantTally = { exercised, violations, first, limit };
    addRefused(tally, refused);
    addTimers(tally, state.close);
    return tally;
  },
};

/** Nothing is left to give back of what was read to its end. */
function isDone({ end }: AttemptRecord, { answer }: CallRecord): boolean {
  if (end?.how !== 'complete' || !end.marker) return false;
  return answer !== null && end.t <= answer.t + marginMs;
}

/** What a call left open behind it, for longer than any attempt may take. */
function leakOf(
  { limits }: TrialView,
  own: readonly AttemptRecord[],
  { call, answer, caller }: CallRecord,
): Violation | null {
  if (!answer) return null;
  const graceMs = caller ? releaseMs : limits.attemptMs + marginMs;
  const dueMs = answer.t + graceMs;
  const late = own.find(({ start, end }) => start.t <= answer.t && (end?.t ?? 0) > dueMs);
  if (!late) return null;
  const text =
    `The call was over at ${seconds(answer.t)}, and its connection stayed open: ` +
    `${attemptText(late)}. It should have been closed by ${seconds(dueMs)}.`;
  return { call: call.call, at: dueMs, text };
}

function addRefused(tally: InvariantTally, refused: readonly Violation[]): void {
  const [first] = refused;
  if (!first || refused.length < fewest) return;
  tally.exercised += refused.length;
  tally.violations += refused.length;
  if (!tally.first || first.at < tally.first.at) tally.first = first;
}

function addTimers(tally: InvariantTally, close: CloseEvent | null): void {
  if (!close?.timers) return;
  const { calls, call, setMs, everyMs } = close.timers;
  if (calls < fewest || calls < shareOfCalls * close.calls) return;
  tally.exercised += calls;
  tally.violations += calls;
  const what = everyMs === null ? 'a timer' : `an interval of ${seconds(everyMs)}`;
  const text =
    `When the trial ended, ${what} was still set that call ${call} had set at ${seconds(setMs)}, ` +
    `and so with ${calls} calls that were long over. A call should leave no timer behind.`;
  if (!tally.first || setMs < tally.first.at) tally.first = { call, at: setMs, text };
}
