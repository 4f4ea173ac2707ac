// I06: silence in the middle of an answer ends the attempt, steady progress never does. Before the
// first payload other limits hold (I07, I08): models think. Judged for streams only, since nobody
// sees the progress of a body that comes at once.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Broken, Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { marginMs } from './margins.ts';
import { doneWith, marginOf, overlap } from './timeline.ts';

interface Known {
  view: TrialView;
  /** How old an attempt, and how old a call, was when payload was still welcome, ms at most. */
  oldestAttempt: number;
  oldestCall: number;
}

export const idleLimit = callRule<Known>({
  id: 'I06',
  rule: 'No payload for the idle limit ends the attempt; keepalives do not re-arm it; steady progress is never cut.',
  example: 'A stream stops after three sentences, pings go on, and the caller waits for minutes.',
  limit: ({ idleMs }) => `${seconds(idleMs)} without payload`,
  know: (view) => ({ view, oldestAttempt: 0, oldestCall: 0 }),
  judge,
});

/** Payload that came this short a time ago is progress. */
const flowingMs = 1_000;
/** Progress for at least this long is steady. */
const steadyMs = 2_000;

/** A streamed attempt that sent payload; times as the history has them. */
interface Flow {
  attempt: AttemptRecord;
  how: string;
  marker: boolean;
  first: number;
  last: number;
  /** Longest pause between payloads; 0 where the wait for the first one was longer. */
  pause: number;
}

function judge(known: Known, record: CallRecord): Finding {
  const { view } = known;
  let finding: Finding = null;
  for (const attempt of record.attempts) {
    const flow = flowOf(attempt);
    if (!flow) continue;
    known.oldestAttempt = Math.max(known.oldestAttempt, flow.last - attempt.start.t);
    known.oldestCall = Math.max(known.oldestCall, flow.last - record.call.t);
    const broken = tooSilent(view, flow, record) ?? cutInProgress(known, flow, record);
    if (broken) return broken;
    const stalled = !flow.marker && doneWith(attempt, record) - flow.last > flowingMs;
    if (stalled || flow.last - flow.first > view.limits.idleMs) finding = 'held';
  }
  return finding;
}

function flowOf(attempt: AttemptRecord): Flow | null {
  const { start, reply, end } = attempt;
  if (!start.stream || !reply || reply.status >= 300 || !end) return null;
  const { first, last, gap, how, marker } = end;
  if (first === null || last === null) return null;
  const pause = gap > first - reply.t ? gap : 0;
  return { attempt, how, marker, first, last, pause };
}

function tooSilent({ limits }: TrialView, flow: Flow, record: CallRecord): Broken | null {
  const { attempt, last, marker, pause } = flow;
  const most = limits.idleMs + marginOf(attempt);
  const done = doneWith(attempt, record);
  // A pause of the provider's own making may be a slow reader's: only injected ones count.
  const injected = attempt.effects.some(({ effect }) => isPause(effect));
  if ((!marker || injected) && done - last > most) {
    const lasted = Number.isFinite(done) ? `until ${seconds(done)}` : 'for ever';
    const text = (): string =>
      `${attemptText(attempt)}. Its last payload came at ${seconds(last)} and the chain waited ` +
      `${lasted}; it should have ended the attempt ${seconds(limits.idleMs)} after it.`;
    return { at: last + limits.idleMs, text };
  }
  if (pause <= most || !injected) return null;
  const text = (): string =>
    `${attemptText(attempt)}. The chain waited ${seconds(pause)} between two payloads; it should ` +
    `have ended the attempt after ${seconds(limits.idleMs)} without any.`;
  return { at: last, text };
}

function isPause(effect: unknown): boolean {
  const kind = effectMember(effect, 'kind');
  return kind === 'stall' || kind === 'pace';
}

/**
 * A healthy stream that the chain's own timer cut. Excluded are the caller's abort, a race, an
 * attempt or call at its limit, an answer that was good enough for the chain, and a decision about
 * the text, which falls in the same instant as a piece of it.
 */
function cutInProgress(known: Known, flow: Flow, record: CallRecord): Broken | null {
  const { view } = known;
  const { attempt, how, marker, first, last } = flow;
  const { start, end } = attempt;
  if (how !== 'aborted' || marker || !end || last - first < steadyMs) return null;
  if (record.caller || record.outcome === 'aborted') return null;
  if (flow.pause > flowingMs || record.servedBy === attempt) return null;
  const since = end.t - last;
  const leastMs = view.trial.clock === 'virtual' ? 1 : marginMs;
  if (since < leastMs || since > Math.min(flowingMs, view.limits.idleMs / 2)) return null;
  const age = end.t - start.t;
  if (!isTooYoung(known, age, end.t - record.call.due)) return null;
  if (record.attempts.some((other) => other !== attempt && overlap(other, attempt))) return null;
  const text = (): string =>
    `${attemptText(attempt)}, although payload came from ${seconds(first)} to ${seconds(last)} ` +
    `without a pause. It was ${seconds(age)} old; steady progress should go on until the limits ` +
    `of ${seconds(view.limits.attemptMs)} for an attempt and ` +
    `${seconds(view.limits.deadlineMs)} for a call.`;
  return { at: end.t, text };
}

/**
 * Whether no limit of the chain's own can have been the reason. It may have tighter ones than the
 * scenario: only one that it declares, or has let others pass in this trial, is known.
 */
function isTooYoung(known: Known, attemptAge: number, callAge: number): boolean {
  const { limits, deadlineMs, trial } = known.view;
  const { ownLimits = {} } = trial;
  const total = Math.min(limits.deadlineMs, deadlineMs ?? Number.POSITIVE_INFINITY);
  const attemptMost = ownLimits.attemptMs === undefined ? known.oldestAttempt : limits.attemptMs;
  const callMost = ownLimits.deadlineMs === undefined ? known.oldestCall : total;
  return (
    attemptAge < Math.min(limits.attemptMs, attemptMost) - marginMs &&
    callAge < Math.min(total, callMost) - marginMs
  );
}
