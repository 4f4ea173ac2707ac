// I20: a breaker opens for what is wrong with its target, and for that target only. What opens is
// seen by what is not asked any more (primary-habit.ts): the primary after nothing but bad requests
// and callers who left, or anybody at all while a target stands ready that has never failed.
import type { AttemptEvent } from '../history.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { seconds } from './attempt-text.ts';
import type { Invariant, InvariantTally, Violation } from './invariant.ts';
import type { Choice, Habit, News, Watcher } from './primary-habit.ts';
import { chanceOf, primaryHabit } from './primary-habit.ts';
import type { Refusals } from './refused-call.ts';
import { gotText, isEverAsked, noRefusals, refusedBy, seeRefusals } from './refused-call.ts';

/** Fewer than this are an accident. */
const fewest = 3;

/** Below this, chance is excluded: of 100,000 chains that draw lots, one may be accused. */
const certainly = 1e-5;

export const breakerScope: Invariant<State> = {
  id: 'I20',
  rule: 'Only target-health failures open a breaker, and its scope is the target.',
  example: 'A prompt that is too long turns all traffic away from the primary for minutes.',
  twin: null,
  start: (view) => new State(view),
  event(state, event) {
    state.habit?.event(event);
    seeRefusals(state.refusals, event);
  },
  call(state, record) {
    state.habit?.call(record);
    state.refuse(record);
  },
  end: (state) => state.tally(),
};

interface ByKind {
  asks: number;
  skips: number;
  first: Violation | null;
}

class State implements Watcher {
  readonly habit: Habit | null;
  readonly refusals: Refusals;
  /** By kind of call. */
  readonly #kinds = new Map<string, ByKind>();
  /** It has passed its primary over without any reason that this rule knows: nothing to read. */
  #isFickle = false;
  #tested = 0;
  #blamed: News | null = null;
  #asksSince = 0;
  #isIll = false;
  /** By sample. */
  readonly #refused = new Map<string, { calls: number; first: Violation }>();
  #asked = 0;

  constructor(view: TrialView) {
    this.habit = primaryHabit(view, this);
    this.refusals = noRefusals(view);
  }

  chose(choice: Choice): void {
    const { health, asked, kind } = choice;
    if (health === 'ill' || this.#isIll) return;
    if (health === 'blamed') this.#tested++;
    const of = this.#kinds.get(kind) ?? { asks: 0, skips: 0, first: null };
    this.#kinds.set(kind, of);
    if (asked !== null) {
      of.asks++;
      this.#asksSince++;
      return;
    }
    if (this.#blamed === null || this.#asksSince > 0) {
      this.#isFickle = true;
      return;
    }
    of.skips++;
    of.first ??= passedOver(choice, this.#blamed);
  }

  news(news: News): void {
    if (news.what === 'ill') this.#isIll = true;
    if (news.what !== 'blamed') return;
    this.#blamed = news;
    this.#asksSince = 0;
  }

  refuse(record: CallRecord): void {
    const refused = refusedBy(this.refusals, record);
    if (refused === null) return;
    if (refused === 'asked') {
      this.#asked++;
      return;
    }
    if (refused.afterCrowd) return;
    const { t, call, sample } = record.call;
    const known = this.#refused.get(sample);
    if (known) {
      known.calls++;
      return;
    }
    const { left, lastIll } = refused;
    const text =
      `Nobody was asked for the call at ${seconds(t)}, which got ${gotText(record)}. Last ` +
      `${targetOf(lastIll.attempt)} had failed at ${seconds(lastIll.t)}; ${left} never had, and ` +
      'should have been asked.';
    this.#refused.set(sample, { calls: 1, first: { call, at: t, text } });
  }

  tally(): InvariantTally {
    const none = { exercised: 0, violations: 0, first: null, limit: null };
    const tally: InvariantTally = this.#isFickle ? none : this.#passedOver();
    const refused = [...this.#refused].filter(([sample]) => isEverAsked(this.refusals, sample));
    const calls = refused.reduce((sum, [, of]) => sum + of.calls, 0);
    const isRefusing = calls >= fewest;
    // A call counts once, whichever of the two it put to the test.
    tally.exercised = Math.max(tally.exercised, this.#asked) + (isRefusing ? calls : 0);
    if (!isRefusing) return tally;
    tally.violations += calls;
    tally.first = refused.map(([, { first }]) => first).reduce(earlier, tally.first);
    return tally;
  }

  #passedOver(): InvariantTally {
    const known = [...this.#kinds.values()].filter((of) => of.asks > 0);
    const asks = known.reduce((sum, of) => sum + of.asks, 0);
    const skips = known.reduce((sum, of) => sum + of.skips, 0);
    const isSure = skips >= fewest && chanceOf(skips, asks) < certainly;
    return {
      exercised: this.#tested,
      violations: isSure ? skips : 0,
      first: isSure ? known.map(({ first }) => first).reduce(earlier, null) : null,
      limit: null,
    };
  }
}

function earlier(a: Violation | null, b: Violation | null): Violation | null {
  if (!a || !b) return a ?? b;
  return b.at < a.at ? b : a;
}

function targetOf({ provider, model }: AttemptEvent): string {
  return `${provider}/${model}`;
}

function passedOver({ call, t }: Choice, { attempt, t: atMs }: News): Violation {
  const target = targetOf(attempt);
  const text =
    `attempt ${attempt.attempt} (${target}, ${seconds(attempt.t)}) had ended at ` +
    `${seconds(atMs)} for a reason of the request or its caller, not of the target's health. The ` +
    `next calls passed the primary over, this one at ${seconds(t)}; it should have been asked first.`;
  return { call, at: t, text };
}
