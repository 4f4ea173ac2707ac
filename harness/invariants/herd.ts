// I10: a crowd that was turned away together does not come back together. A crowd is made of calls
// whose attempts on one target were rate limited within a second of the first; what is judged is
// when each of them asks that target next. Nobody is asked to be jittered who was never in step:
// calls that came apart from each other come back apart, whatever they wait.
import type { AttemptEvent, HistoryEvent } from '../history.ts';
import { OpenMap } from '../open-map.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { seconds } from './attempt-text.ts';
import { kindOfInBand, kindOfStatus } from './failure-kind.ts';
import type { Invariant, Violation } from './invariant.ts';

/** Calls that make a crowd; limited within `togetherMs`. */
const crowdSize = 20;
const togetherMs = 1_000;
/** The most of a crowd that may come back within `windowMs`. */
const windowMs = 100;
const share = 0.25;
/** With fewer that come back there is no crowd any more, whatever it was before. */
const fewest = 10;
/**
 * Jitter draws lots: the fullest of many windows holds more than its share. Who spreads its retries
 * well is above this by chance in fewer than one crowd of ten thousand.
 */
const deviations = 4.5;

interface State {
  view: TrialView;
  open: OpenMap<AttemptEvent>;
  /** By scope: the crowd that others may still join. */
  growing: Map<string, Crowd>;
  /** By call: the crowds in which it has not come back. */
  waiting: OpenMap<Crowd[]>;
  exercised: number;
  violations: number;
  first: Violation | null;
}

interface Crowd {
  scope: string;
  target: string;
  /** Of the first and the last who were turned away. */
  fromMs: number;
  toMs: number;
  members: Set<number>;
  /** Of those who may still come back. */
  pending: number;
  isWhole: boolean;
  /** When they asked the target again. */
  back: { t: number; call: number }[];
}

export const herd: Invariant<State> = {
  id: 'I10',
  rule: 'Callers that are limited together do not retry together.',
  example: 'Forty callers are told to wait for four seconds, and all are back after exactly four.',
  twin: null,
  start: (view) => ({
    view,
    open: new OpenMap(),
    growing: new Map(),
    waiting: new OpenMap(),
    exercised: 0,
    violations: 0,
    first: null,
  }),
  event(state, event) {
    if (event.e === 'attempt') began(state, event);
    else if (event.e === 'reply' || event.e === 'end') answered(state, event);
    else if (event.e === 'answer' || event.e === 'hung') gone(state, event.call);
  },
  end(state) {
    for (const crowd of state.growing.values()) close(state, crowd);
    for (const crowds of state.waiting.values()) {
      for (const crowd of crowds) {
        crowd.pending = 0;
        close(state, crowd);
      }
    }
    const { exercised, violations, first } = state;
    const limit = `${share * 100}% of ${crowdSize} or more calls within ${windowMs} ms`;
    return { exercised, violations, first, limit };
  },
};

function scopeOf({ provider, model, region, key }: AttemptEvent): string {
  return `${provider}\n${model}\n${region}\n${key}`;
}

function began(state: State, event: AttemptEvent): void {
  const { attempt, call, t } = event;
  if (call === null) return;
  state.open.set(attempt, event);
  const crowds = state.waiting.get(call);
  if (!crowds) return;
  const scope = scopeOf(event);
  const left = crowds.filter((crowd) => {
    if (crowd.scope !== scope) return true;
    crowd.back.push({ t, call });
    crowd.pending--;
    finish(state, crowd);
    return false;
  });
  keep(state, call, left);
}

function answered(state: State, event: Extract<HistoryEvent, { e: 'reply' | 'end' }>): void {
  const start = state.open.get(event.attempt);
  if (!start) return;
  const kind =
    event.e === 'reply'
      ? event.status >= 300 && kindOfStatus(event.status, event.reason)
      : event.inBand !== null && event.first === null && kindOfInBand(event.inBand);
  if (event.e === 'end' || kind === 'rate-limit') state.open.delete(event.attempt);
  if (kind === 'rate-limit' && start.call !== null) limited(state, start, start.call, event.t);
}

function limited(state: State, start: AttemptEvent, call: number, t: number): void {
  const scope = scopeOf(start);
  let crowd = state.growing.get(scope);
  if (!crowd || t > crowd.fromMs + togetherMs) {
    if (crowd) close(state, crowd);
    const target = `${start.provider}/${start.model}`;
    const none = { members: new Set<number>(), pending: 0, isWhole: false, back: [] };
    crowd = { scope, target, fromMs: t, toMs: t, ...none };
    state.growing.set(scope, crowd);
  }
  // Its second refusal is a matter of its own retries.
  if (crowd.members.has(call)) return;
  crowd.members.add(call);
  crowd.toMs = t;
  crowd.pending++;
  state.waiting.set(call, [...(state.waiting.get(call) ?? []), crowd]);
}

function keep({ waiting }: State, call: number, crowds: Crowd[]): void {
  if (crowds.length === 0) waiting.delete(call);
  else waiting.set(call, crowds);
}

/** Who has its outcome does not come back. */
function gone(state: State, call: number): void {
  const crowds = state.waiting.get(call);
  if (!crowds) return;
  state.waiting.delete(call);
  for (const crowd of crowds) {
    crowd.pending--;
    finish(state, crowd);
  }
}

function close(state: State, crowd: Crowd): void {
  crowd.isWhole = true;
  finish(state, crowd);
}

function finish(state: State, crowd: Crowd): void {
  const { members, pending, isWhole, back } = crowd;
  if (!isWhole || pending > 0 || members.size < crowdSize) return;
  crowd.members = new Set();
  if (back.length < fewest) return;
  state.exercised++;
  back.sort((a, b) => a.t - b.t);
  const fullest = fullestOf(back);
  if (fullest.count <= mostOf(back.length)) return;
  state.violations++;
  const call = back[fullest.from]?.call ?? 0;
  const at = back[fullest.from]?.t ?? crowd.toMs;
  if (state.first && state.first.at <= at) return;
  state.first = { call, at, text: textOf(crowd, members.size, fullest.count, at) };
}

/** The window with the most of them. */
function fullestOf(back: readonly { t: number }[]): { from: number; count: number } {
  let fullest = { from: 0, count: 0 };
  for (let from = 0, to = 0; to < back.length; to++) {
    const end = back[to]?.t ?? 0;
    while (end - (back[from]?.t ?? 0) >= windowMs) from++;
    if (to - from + 1 > fullest.count) fullest = { from, count: to - from + 1 };
  }
  return fullest;
}

function mostOf(count: number): number {
  return share * count + deviations * Math.sqrt(count * share * (1 - share));
}

function textOf(crowd: Crowd, limited: number, together: number, at: number): string {
  const { target, fromMs, toMs, back } = crowd;
  const times =
    fromMs === toMs ? `at ${seconds(fromMs)}` : `from ${seconds(fromMs)} to ${seconds(toMs)}`;
  return (
    `${limited} calls were limited on ${target} ${times}. ${back.length} of them asked it again, ` +
    `${together} within ${windowMs} ms from ${seconds(at)} on; retries should be spread, with ` +
    `at most ${Math.floor(share * back.length)} of them in any ${windowMs} ms.`
  );
}
