// Calls for which a chain asks nobody at all, though a target stands ready that was well whenever
// it was asked. A chain may refuse for good reasons (too many calls in flight, a prompt for nobody,
// a task for which others are too weak, a budget of calls per minute that is spent, a check of its
// own that a sample does not pass), so that only such calls count as others like them were asked
// for, with as many in flight and as many before, and of no sample that is refused every time.
import type { AttemptEvent, HistoryEvent } from '../history.ts';
import { OpenMap } from '../open-map.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { AskRate, crowdSize } from './ask-rate.ts';
import { kindOfInBand, kindOfStatus } from './failure-kind.ts';

export interface Refusals {
  view: TrialView;
  open: OpenMap<AttemptEvent>;
  /** Calls in flight when each that is open began. */
  calls: OpenMap<number>;
  inFlight: number;
  /** The most with which anybody was asked. */
  mostInFlight: number;
  /** Calls for which somebody was asked, by time. */
  rate: AskRate;
  /** By kind of call: who was asked. */
  asked: Map<string, Set<string>>;
  /** By sample: calls of it, and those for which somebody was asked. */
  samples: Map<string, { calls: number; asked: number }>;
  /** Targets that ever failed, and providers that did in a way that may be all their models'. */
  ill: Set<string>;
  last: Ill | null;
  /** When the last attempt was over. */
  quietSince: number;
}

export interface Ill {
  t: number;
  attempt: AttemptEvent;
}

export interface Refused {
  /** A target that was well. */
  left: string;
  /** The last failure before. */
  lastIll: Ill;
  /**
   * Long after it, with no attempt open, in a trial with many calls at once: no breaker explains
   * it, a count of calls in flight that was never taken down does.
   */
  afterCrowd: boolean;
}

/** Without anything on the wire for so long, all is at rest. */
const restMs = 60_000;

export function noRefusals(view: TrialView): Refusals {
  return {
    view,
    open: new OpenMap(),
    calls: new OpenMap(),
    inFlight: 0,
    mostInFlight: 0,
    rate: new AskRate(),
    asked: new Map(),
    samples: new Map(),
    ill: new Set(),
    last: null,
    quietSince: 0,
  };
}

export function seeRefusals(seen: Refusals, event: HistoryEvent): void {
  if (event.e === 'call') {
    seen.inFlight++;
    seen.calls.set(event.call, seen.inFlight);
    seen.rate.call(event.call, event.t);
  } else if (event.e === 'answer' || event.e === 'hung') seen.inFlight--;
  else if (event.e === 'attempt') {
    seen.open.set(event.attempt, event);
    const began = event.call === null ? undefined : seen.calls.get(event.call);
    seen.mostInFlight = Math.max(seen.mostInFlight, began ?? 0);
    if (event.call !== null) seen.rate.asked(event.call, event.t);
  } else if (event.e === 'reply' && event.status >= 300) {
    failed(seen, event.attempt, event.t, kindOfStatus(event.status, event.reason));
  } else if (event.e === 'end') {
    if (event.inBand !== null) failed(seen, event.attempt, event.t, kindOfInBand(event.inBand));
    else if (!event.marker) failed(seen, event.attempt, event.t, 'other');
    seen.open.delete(event.attempt);
    seen.quietSince = event.t;
  }
}

/** What one model is not, its siblings may be; of all else they may share the cause. */
function failed(seen: Refusals, attempt: number, t: number, kind: string): void {
  const start = seen.open.get(attempt);
  if (!start) return;
  seen.open.delete(attempt);
  seen.last = { t, attempt: start };
  seen.ill.add(`${start.provider}/${start.model}`);
  if (kind !== 'not-found' && kind !== 'request') seen.ill.add(start.provider);
}

/**
 * What a finished call says: somebody was asked although there had been failures, or nobody was
 * although `left` was well; null: nothing.
 */
export function refusedBy(seen: Refusals, record: CallRecord): 'asked' | Refused | null {
  const { call, attempts, outcome, caller } = record;
  const inFlight = seen.calls.get(call.call) ?? 0;
  seen.calls.delete(call.call);
  const maySpend = !seen.rate.wasExceeded(call.call);
  const kind = seen.view.family(call.sample) ?? call.sample;
  const { last, view } = seen;
  const isAfter = last !== null && last.t <= call.t;
  const asked = seen.asked.get(kind);
  const sample = seen.samples.get(call.sample) ?? { calls: 0, asked: 0 };
  seen.samples.set(call.sample, sample);
  sample.calls++;
  if (attempts.length > 0) sample.asked++;
  // Who has a reply of its own may think a target too weak for this kind of call.
  const mayServe = (target: string): boolean =>
    outcome !== 'degraded' || asked?.has(target) === true;
  const left = view.trial.targets?.find((target) => !isIll(seen, target) && mayServe(target));
  if (attempts.length > 0) {
    const all = asked ?? new Set();
    if (!asked) seen.asked.set(kind, all);
    for (const { target } of attempts) all.add(target);
    return isAfter && left !== undefined ? 'asked' : null;
  }
  if (!isAfter || left === undefined || caller || call.repeats !== undefined) return null;
  if (outcome !== 'error' && outcome !== 'degraded') return null;
  if (view.critical(call.sample) || !asked) return null;
  if (inFlight > seen.mostInFlight || !maySpend) return null;
  const isAtRest = seen.open.size === 0 && call.t >= seen.quietSince + restMs;
  return { left, lastIll: last, afterCrowd: isAtRest && seen.mostInFlight >= crowdSize };
}

function isIll({ ill }: Refusals, target: string): boolean {
  return ill.has(target) || ill.has(target.slice(0, target.indexOf('/')));
}

/** At the end: whether the chain asks for this sample at all, as far as the trial can show it. */
export function isEverAsked({ samples }: Refusals, sample: string): boolean {
  const { calls, asked } = samples.get(sample) ?? { calls: 0, asked: 0 };
  return asked > 0 || calls === 1;
}

/** What the caller got instead of an answer. */
export function gotText({ outcome }: CallRecord): string {
  if (outcome === 'empty') return 'an empty answer';
  return outcome === 'error' ? 'an error' : 'a polite reply';
}
