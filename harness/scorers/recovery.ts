// How soon traffic is back on the primary once nothing is wrong with it any more. Calls finish out
// of order, but "five in a row" is by arrival: finished calls wait here for those that arrived
// before them, until the first five are found.
import type { CallRecord } from '../outcome/call-record.ts';
import type { FaultWindow } from '../plan-view.ts';
import { Missing, withReasons } from '../scoring/figures.ts';
import { isNamed } from '../starred.ts';
import type { Scorer, TrialView } from './scorer.ts';

/** How many calls in a row the primary has to serve. */
const inARow = 5;

/** Why there is no figure, from the least to the most telling. */
const whys = [
  'no fault on the primary',
  'a fault on the primary has no end',
  `fewer than ${inARow} calls after the last fault on the primary`,
] as const;

type Tally =
  | { kind: 'none'; why: (typeof whys)[number] }
  | { kind: 'recovered'; ms: number }
  | { kind: 'not-recovered' };

interface State {
  primary: string;
  /** End of the last fault window on the primary, or why there is none to look at. */
  from: number | (typeof whys)[number];
  /** The number of the first call that has not been walked over; null before the faults end. */
  next: number | null;
  /** Calls that finished before `next` did. */
  waiting: Map<number, Step>;
  /** The arrivals of the row so far; at most five. */
  row: number[];
  seen: number;
  found: number | null;
}

/** The arrival of a call that the primary served; `skip`: cached or aborted, the row goes on. */
type Step = number | 'skip' | 'break';

export const recovery: Scorer<State, Tally> = {
  name: 'recovery',
  start: (view) => ({
    primary: view.trial.primary,
    from: endOfFaults(view),
    next: null,
    waiting: new Map(),
    row: [],
    seen: 0,
    found: null,
  }),
  event(state, event) {
    if (event.e !== 'call' || state.next !== null || typeof state.from !== 'number') return;
    if (event.due >= state.from) state.next = event.call;
  },
  call(state, record) {
    const { next, found } = state;
    if (next === null || found !== null || record.call.call < next) return;
    state.waiting.set(record.call.call, stepOf(state.primary, record));
    walkOn(state, next);
  },
  end(state) {
    if (typeof state.from !== 'number') return { kind: 'none', why: state.from };
    const left = [...state.waiting].sort(([a], [b]) => a - b);
    for (const [, step] of left) walk(state, step);
    if (state.found !== null) return { kind: 'recovered', ms: state.found - state.from };
    return state.seen < inARow ? { kind: 'none', why: whys[2] } : { kind: 'not-recovered' };
  },
  /** The worst of the trials. */
  merge(a, b) {
    if (a.kind === 'recovered' && b.kind === 'recovered') return a.ms >= b.ms ? a : b;
    return rank(a) >= rank(b) ? a : b;
  },
  figures(tally) {
    if (tally.kind === 'recovered') return withReasons({ recovery_ms: tally.ms });
    const why = tally.kind === 'none' ? tally.why : 'not recovered';
    return withReasons({ recovery_ms: new Missing(why) });
  },
};

function rank(tally: Tally): number {
  if (tally.kind === 'none') return whys.indexOf(tally.why);
  return tally.kind === 'recovered' ? whys.length : whys.length + 1;
}

function endOfFaults({ trial, windows }: TrialView): State['from'] {
  const own = windows.filter((window) => isOn(trial.primary, window));
  if (own.length === 0) return whys[0];
  let last = 0;
  for (const { toMs } of own) {
    if (toMs === null) return whys[1];
    last = Math.max(last, toMs);
  }
  return last;
}

/** A fault on one region of the primary is a fault on the primary. */
export function isOn(primary: string, { provider, model }: FaultWindow): boolean {
  const cut = primary.indexOf('/');
  const itsProvider = provider === null || provider === primary.slice(0, cut);
  return itsProvider && (model === null || isNamed(model, primary.slice(cut + 1)));
}

function stepOf(primary: string, { call, outcome, servedBy }: CallRecord): Step {
  if (outcome === 'cached' || outcome === 'aborted') return 'skip';
  return servedBy?.target === primary ? call.due : 'break';
}

/** Over all calls from `next` on that are over, up to the first that is not. */
function walkOn(state: State, next: number): void {
  let call = next;
  for (let step = state.waiting.get(call); step !== undefined; step = state.waiting.get(call)) {
    state.waiting.delete(call++);
    walk(state, step);
  }
  state.next = call;
}

function walk(state: State, step: Step): void {
  if (step === 'skip' || state.found !== null) return;
  state.seen++;
  if (step === 'break') {
    state.row.length = 0;
    return;
  }
  state.row.push(step);
  if (state.row.length < inARow) return;
  state.found = state.row[0] ?? null;
  state.waiting.clear();
}
