// I21: a primary that is down is asked now and then, and one that is well again is asked as before.
// Both are judged of chains only that are seen to pass their primary over (primary-habit.ts): who
// asks it every time has no breaker whose probes could be counted, and no way back to find.
import { isOn } from '../scorers/recovery.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { seconds } from './attempt-text.ts';
import type { Invariant, InvariantTally, Violation } from './invariant.ts';
import { marginMs } from './margins.ts';
import type { Choice, Habit, News, Watcher } from './primary-habit.ts';
import { chanceOf, primaryHabit, surely } from './primary-habit.ts';
import { Probes } from './probes.ts';

export const recoveryLimit: Invariant<State> = {
  id: 'I21',
  rule: 'Probes are bounded, and traffic returns to a healthy primary within the recovery limit.',
  example: 'Ten minutes after the outage every call still goes to the fallback.',
  twin: null,
  start: (view) => new State(view),
  event(state, event) {
    state.habit?.event(event);
  },
  call(state, record) {
    state.habit?.call(record);
  },
  end: (state) => state.tally(),
};

/** Calls that are alike, after the limit. */
interface Return {
  asks: number;
  skips: number;
  first: Violation | null;
}

class State implements Watcher {
  readonly habit: Habit | null;
  readonly #view: TrialView;
  /** End of the last fault on the primary; null where there is none, or it has no end. */
  readonly #wellMs: number | null;
  #isFickle = false;
  /** Kinds of calls that began with the primary while nothing was wrong, and how many. */
  readonly #before = new Map<string, number>();
  readonly #after = new Map<string, Return>();
  #isBack = false;
  #failedAfter = false;
  #wasIll = false;
  readonly #probes: Probes;

  constructor(view: TrialView) {
    this.#view = view;
    this.habit = primaryHabit(view, this);
    this.#wellMs = endOfFaults(view);
    this.#probes = new Probes(view.limits.probesPerMinute);
  }

  chose(choice: Choice): void {
    const { health, asked, kind, t } = choice;
    if (health !== 'ill') {
      if (asked === null) this.#isFickle ||= health === 'clean';
      else this.#before.set(kind, (this.#before.get(kind) ?? 0) + 1);
      return;
    }
    this.#probes.chose(choice);
    const dueMs = this.#wellMs === null ? null : this.#wellMs + this.#view.limits.recoveryMs;
    if (dueMs === null || t < dueMs + marginMs) return;
    const of = this.#after.get(kind) ?? { asks: 0, skips: 0, first: null };
    this.#after.set(kind, of);
    if (asked !== null) {
      of.asks++;
      this.#isBack = true;
    } else if (!this.#isBack && !this.#failedAfter) {
      of.skips++;
      of.first ??= this.#notBack(choice, dueMs);
    }
  }

  news(news: News): void {
    this.#probes.news(news);
    if (news.what === 'well') return;
    this.#wasIll ||= news.what === 'ill';
    if (this.#wellMs !== null && news.attempt.t >= this.#wellMs) this.#failedAfter = true;
  }

  #notBack({ call, t }: Choice, dueMs: number): Violation {
    const { primary } = this.#view.trial;
    const text =
      `Nothing was wrong with ${primary} any more from ${seconds(this.#wellMs ?? 0)} on, and ` +
      `calls should have begun with it again by ${seconds(dueMs)}. The call at ${seconds(t)} did not.`;
    return { call, at: t, text };
  }

  tally(): InvariantTally {
    const { probesPerMinute, recoveryMs } = this.#view.limits;
    const limit = `${probesPerMinute} probes a minute, back within ${seconds(recoveryMs)}`;
    const tally: InvariantTally = { exercised: 0, violations: 0, first: null, limit };
    if (this.#isFickle || !this.#wasIll) return tally;
    const known = [...this.#after].filter(([kind]) => this.#before.has(kind));
    const before = [...this.#before.values()].reduce((sum, count) => sum + count, 0);
    const skips = known.reduce((sum, [, of]) => sum + of.skips, 0);
    const asks = known.reduce((sum, [, of]) => sum + of.asks, 0);
    if (!this.#failedAfter) tally.exercised += skips + asks;
    if (chanceOf(skips, before + asks) < surely) {
      tally.violations += skips;
      for (const [, { first }] of known) {
        if (first && (!tally.first || first.at < tally.first.at)) tally.first = first;
      }
    }
    this.#probes.addTo(tally, before);
    return tally;
  }
}

function endOfFaults({ trial, windows }: TrialView): number | null {
  const ends = windows.filter((window) => isOn(trial.primary, window)).map(({ toMs }) => toMs);
  if (ends.length === 0 || ends.includes(null)) return null;
  return Math.max(...ends.map((end) => end ?? 0));
}
