// Whether a call that gave up had somewhere else to go. The chain under test may hold back a target
// for good reasons (an open breaker, a prompt too long for it, a task it is too weak for), so a
// target counts as left only where every such reason is excluded by what the trial has shown.
import type { AttemptEvent, EndEvent, HistoryEvent, ReplyEvent } from '../history.ts';
import { OpenMap } from '../open-map.ts';
import type { AttemptRecord, CallRecord, Outcome } from '../outcome/call-record.ts';
import { answering } from '../outcome/steps.ts';
import { isName } from '../outcome/target-name.ts';
import type { TrialView } from '../scorers/scorer.ts';
import type { FailureKind } from './failure-kind.ts';
import { failedBeforePayload, failureOf, kindOfInBand, kindOfStatus } from './failure-kind.ts';
import { TargetLoad } from './target-load.ts';
import { follows } from './timeline.ts';

export interface TargetsSeen {
  view: TrialView;
  open: OpenMap<AttemptEvent>;
  /**
   * Models by provider that ever failed, were abandoned or lost a race; `*`: its credential did.
   */
  failed: Map<string, Set<string>>;
  /** From a failed target and kind of sample to the next target: ms into the call at most. */
  moves: Map<string, Map<string, number>>;
  /** By kind of sample: who was ever asked. */
  asked: Map<string, Set<string>>;
  /** Who was asked for samples that not every model is for, and who for plain ones. */
  askedFor: { special: Set<string>; plain: Set<string> };
  /** A call began with another than the first that it declares, though that one had not failed. */
  hasRoutes: boolean;
  load: TargetLoad;
}

/**
 * A chain that once moved on may always do so this early in a call; its own deadline is unknown.
 */
const earlyMs = 1_000;

export function noTargetsSeen(view: TrialView): TargetsSeen {
  return {
    view,
    open: new OpenMap(),
    failed: new Map(),
    moves: new Map(),
    asked: new Map(),
    askedFor: { special: new Set(), plain: new Set() },
    hasRoutes: false,
    load: new TargetLoad(),
  };
}

/** Health is learned from events: calls that are still open have seen failures too. */
export function seeEvent({ open, failed, load }: TargetsSeen, event: HistoryEvent): void {
  if (event.e === 'attempt') {
    open.set(event.attempt, event);
    load.asked(event);
    return;
  }
  if (event.e !== 'reply' && event.e !== 'end') return;
  const start = open.get(event.attempt);
  if (event.e === 'end') {
    open.delete(event.attempt);
    load.ended(event);
  }
  const kind = start && badNews(event);
  if (!kind) return;
  const models = failed.get(start.provider) ?? new Set();
  failed.set(start.provider, models.add(start.model));
  // The same credential serves all models of its provider.
  if (kind === 'credential' || kind === 'permission') models.add('*');
}

function badNews(event: ReplyEvent | EndEvent): FailureKind | null {
  if (event.e === 'reply') {
    return event.status >= 300 ? kindOfStatus(event.status, event.reason) : null;
  }
  if (event.inBand !== null) return kindOfInBand(event.inBand);
  return event.marker ? null : 'other';
}

/** Learns from a finished call which target the chain asks after which. */
export function seeMoves(seen: TargetsSeen, record: CallRecord): void {
  const { call } = record;
  const attempts = answering(record);
  seeAsked(seen, record, attempts);
  for (let i = 1; i < attempts.length; i++) {
    const from = attempts[i - 1];
    const to = attempts[i];
    if (!from || !to || from.target === to.target) continue;
    if (failureOf(from) === null || !follows(from, to)) continue;
    const key = moveKey(seen, record, from.target);
    const known = seen.moves.get(key) ?? new Map<string, number>();
    known.set(to.target, Math.max(known.get(to.target) ?? 0, to.start.t - call.t));
    seen.moves.set(key, known);
  }
}

function seeAsked(seen: TargetsSeen, record: CallRecord, attempts: AttemptRecord[]): void {
  const { view, asked, failed } = seen;
  const kind = kindOf(seen, record);
  const all = asked.get(kind) ?? new Set();
  asked.set(kind, all);
  const sort = view.special(record.call.sample) ? 'special' : 'plain';
  for (const { target } of attempts) {
    all.add(target);
    seen.askedFor[sort].add(target);
  }
  const [primary] = view.trial.targets ?? [];
  const first = attempts.find(({ target }) => view.trial.targets?.includes(target));
  if (primary && first && first.target !== primary && !hasFailed(failed, primary)) {
    seen.hasRoutes = true;
  }
}

/**
 * A target that this call could have asked after `from` at `elapsed` ms (null: at any time) and
 * did not; null where none is known, or where the chain may have had a reason.
 */
export function targetLeft(
  seen: TargetsSeen,
  record: CallRecord,
  from: AttemptRecord,
  elapsed: number | null,
): string | null {
  const { view, failed, moves } = seen;
  const usable = (target: string): boolean =>
    !hasFailed(failed, target) &&
    !record.attempts.some((attempt) => attempt.target === target) &&
    !isHeldBack(seen, record, target);
  for (const [target, latest] of moves.get(moveKey(seen, record, from.target)) ?? []) {
    const inTime = elapsed === null || elapsed <= Math.max(latest, earlyMs);
    if (inTime && usable(target)) return target;
  }
  const declared = view.trial.targets;
  const { sample } = record.call;
  if (!declared || view.critical(sample)) return null;
  const index = declared.lastIndexOf(from.target);
  if (index < 0) return null;
  // Who goes by what is asked may have nobody else for this: that others are for it is to be seen.
  const known = seen.asked.get(kindOf(seen, record));
  const { special, plain } = seen.askedFor;
  const isPlain = !view.special(sample) && !seen.hasRoutes;
  const isForAll = (target: string): boolean => plain.has(target) || !special.has(target);
  const isFor = (target: string): boolean =>
    known?.has(target) === true || (isPlain && isForAll(target));
  return declared.slice(index + 1).find((target) => usable(target) && isFor(target)) ?? null;
}

/** By a limit of the chain's own: on calls at once, or another one that it tells of. */
function isHeldBack({ load }: TargetsSeen, { answer }: CallRecord, target: string): boolean {
  if (load.isFull(target)) return true;
  const told = [...(answer?.error?.attempts ?? []), ...(answer?.meta?.hops ?? [])];
  const isTold = told.some((one) => isName(one.target, target));
  return isTold && load.isBusy(target, answer?.t ?? 0);
}

function hasFailed(failed: TargetsSeen['failed'], target: string): boolean {
  const slash = target.indexOf('/');
  const models = failed.get(target.slice(0, slash));
  return models !== undefined && (models.has('*') || models.has(target.slice(slash + 1)));
}

/** A call that ended in its last attempt's failure although a target was left. */
export interface GaveUp {
  last: AttemptRecord;
  left: string;
}

/** What a caller got who got no answer. */
const noAnswer: ReadonlySet<Outcome> = new Set(['error', 'empty', 'degraded']);

/**
 * Whether the caller got no answer for a failure before payload, early in the call and with
 * attempts to spare, although a target was left. `counts` says which failures are meant.
 */
export function gaveUp(
  seen: TargetsSeen,
  record: CallRecord,
  counts: (attempt: AttemptRecord) => boolean,
): GaveUp | null {
  const { answer, attempts, call, outcome } = record;
  const last = answering(record).at(-1);
  if (!noAnswer.has(outcome) || record.caller || !answer || !last) return null;
  // An error behind some text came too late for anybody else.
  if (outcome === 'error' && answer.chars > 0) return null;
  if (last.reply?.shouldRetry === false || !failedBeforePayload(last) || !counts(last)) return null;
  const { limits } = seen.view;
  const elapsed = answer.t - call.t;
  if (attempts.length >= limits.attempts || elapsed > limits.deadlineMs / 2) return null;
  const left = targetLeft(seen, record, last, elapsed);
  return left === null ? null : { last, left };
}

function moveKey(seen: TargetsSeen, record: CallRecord, from: string): string {
  return `${from}\n${kindOf(seen, record)}`;
}

/** Samples of a family are alike; without families each sample speaks for itself only. */
function kindOf({ view }: TargetsSeen, { call: { sample } }: CallRecord): string {
  return [view.family(sample) ?? sample, view.critical(sample), view.special(sample)].join('\n');
}
