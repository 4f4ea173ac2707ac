// Whether a chain begins with its primary, call by call, and what it knew of the primary when it
// chose: a breaker is only seen by what is not asked. Chains that balance, rotate or go by what is
// asked begin elsewhere without a reason, so that nothing can be read from their choices: rules
// that use this look for that first, and exclude chance (`chanceOf`).
import type { AttemptEvent, CallEvent, EffectEvent, EndEvent, HistoryEvent } from '../history.ts';
import { OpenMap } from '../open-map.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import { effectMember } from '../outcome/effect-member.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { kindOfInBand, kindOfStatus } from './failure-kind.ts';

/**
 * What was seen of the primary's provider so far. `blamed`: only failures that say nothing of its
 * health, as requests that nobody could serve and callers who left.
 */
export type Health = 'clean' | 'blamed' | 'ill';

/** What a call began with. */
export interface Choice {
  call: number;
  t: number;
  /** Calls with one key are alike: who goes by what is asked treats them alike. */
  kind: string;
  /** The scope of the primary that was asked; null: it was passed over. */
  asked: string | null;
  health: Health;
}

export interface News {
  t: number;
  attempt: AttemptEvent;
  /** well: it answered. */
  what: 'well' | 'blamed' | 'ill';
}

export interface Watcher {
  chose(choice: Choice): void;
  news(news: News): void;
}

export interface Habit {
  event(event: HistoryEvent): void;
  call(record: CallRecord): void;
}

interface Open {
  start: AttemptEvent;
  isBent: boolean;
  /** It has said no in so many words: to the question, and not for its health. */
  isRefusal: boolean;
}

/** Silent for so long, a target may count as slow, whatever comes of it. */
const slowMs = 5_000;
const slowWholeMs = 20_000;

/** Null: the chain does not say in which order it asks, or has nobody else to ask. */
export function primaryHabit(view: TrialView, watcher: Watcher): Habit | null {
  const { targets = [] } = view.trial;
  const [primary] = targets;
  if (primary === undefined || !targets.some((target) => target !== primary)) return null;
  return new PrimaryHabit(view, primary, watcher);
}

class PrimaryHabit implements Habit {
  readonly #view: TrialView;
  readonly #targets: readonly string[];
  readonly #primary: string;
  readonly #provider: string;
  readonly #watcher: Watcher;
  /** Calls that have not begun to ask. */
  readonly #calls = new OpenMap<CallEvent>();
  readonly #attempts = new OpenMap<Open>();
  /** Calls that were left, until they go out. */
  readonly #left = new Set<number>();
  /** Samples that were turned down while nothing had failed: by a check of the chain's own. */
  readonly #turnedDown = new Map<string, CallEvent>();
  /** What calls began with at this instant: a race may ask several at once. */
  #choosing = new Map<number, Choice>();
  #now = 0;
  #health: Health = 'clean';

  constructor(view: TrialView, primary: string, watcher: Watcher) {
    this.#view = view;
    this.#targets = view.trial.targets ?? [];
    this.#primary = primary;
    this.#provider = primary.slice(0, primary.indexOf('/'));
    this.#watcher = watcher;
  }

  event(event: HistoryEvent): void {
    if ('t' in event && event.t > this.#now) {
      this.#settle();
      this.#now = event.t;
    }
    if (event.e === 'call') this.#calls.set(event.call, event);
    else if (event.e === 'attempt') this.#began(event);
    else if (event.e === 'effect') this.#bent(event);
    else if (event.e === 'reply') {
      const open = this.#attempts.get(event.attempt);
      if (open && event.status >= 300) {
        this.#attempts.delete(event.attempt);
        this.#heard(open, event.t, isAboutTarget(kindOfStatus(event.status, event.reason)));
      }
    } else if (event.e === 'end') this.#ended(event);
    else if (event.e === 'caller') this.#left.add(event.call);
    else if (event.e === 'close') this.#settle();
  }

  /** Who has an outcome and asked nobody has chosen too. */
  call({ call, outcome, attempts, caller }: CallRecord): void {
    this.#left.delete(call.call);
    const open = this.#calls.delete(call.call);
    const asked = attempts.some(({ start }) => !this.#isStep(start));
    if (!open || asked || caller || call.repeats !== undefined) return;
    if (outcome !== 'error' && outcome !== 'degraded') return;
    if (this.#health === 'clean') this.#turnedDown.set(call.sample, call);
    if (this.#turnedDown.has(call.sample)) return;
    this.#settle();
    this.#watcher.chose(this.#choiceOf(call, null));
  }

  /** It is asked for after all: so it was no check of the sample that turned it down. */
  #askedAfterAll({ sample, t }: CallEvent): void {
    const before = this.#turnedDown.get(sample);
    if (!before || before.t >= t) return;
    this.#turnedDown.delete(sample);
    this.#settle();
    this.#watcher.chose({ ...this.#choiceOf(before, null), health: 'clean' });
  }

  #choiceOf({ call, sample }: CallEvent, asked: string | null): Choice {
    const kind = `${this.#view.family(sample) ?? sample}\n${this.#view.critical(sample)}`;
    return { call, t: this.#now, kind, asked, health: this.#health };
  }

  #began(start: AttemptEvent): void {
    if (start.call === null || this.#isStep(start)) return;
    if (start.provider === this.#provider) {
      this.#attempts.set(start.attempt, { start, isBent: false, isRefusal: false });
    }
    // A ping is no choice, but what it finds may be the reason of the next one.
    if (start.beside) return;
    const isPrimary = `${start.provider}/${start.model}` === this.#primary;
    const scope = isPrimary ? `${start.region}\n${start.key}` : null;
    const choosing = this.#choosing.get(start.call);
    if (choosing) choosing.asked ??= scope;
    const call = this.#calls.get(start.call);
    if (call) {
      this.#calls.delete(start.call);
      this.#askedAfterAll(call);
      // Its answer may be on its way to somebody who asked the same.
      if (call.repeats === undefined) {
        this.#choosing.set(start.call, this.#choiceOf(call, scope));
      }
    }
  }

  /** It looks for an answer from before: no choice among targets, and no news of any. */
  #isStep({ vectors, provider, model }: AttemptEvent): boolean {
    return vectors === true && !this.#targets.includes(`${provider}/${model}`);
  }

  #settle(): void {
    if (this.#choosing.size === 0) return;
    const chosen = this.#choosing;
    this.#choosing = new Map();
    for (const choice of chosen.values()) this.#watcher.chose(choice);
  }

  /** Slowness is judged by its length; of everything else that is odd a chain may think ill. */
  #bent({ attempt, effect }: EffectEvent): void {
    const open = this.#attempts.get(attempt);
    const kind = effectMember(effect, 'kind');
    if (!open || kind === 'reject' || kind === 'pace') return;
    if (effectMember(effect, 'form') === 'refusal') open.isRefusal = true;
    else open.isBent = true;
  }

  #ended(event: EndEvent): void {
    const open = this.#attempts.get(event.attempt);
    if (!open) return;
    this.#attempts.delete(event.attempt);
    const { start, isBent, isRefusal } = open;
    const silentMs = (event.first ?? event.t) - start.t;
    const isSlow = silentMs > (start.stream ? slowMs : slowWholeMs);
    const isLeft = event.how === 'aborted' && start.call !== null && this.#left.has(start.call);
    if (isSlow || isBent) this.#heard(open, event.t, true);
    else if (event.inBand !== null) {
      this.#heard(open, event.t, isAboutTarget(kindOfInBand(event.inBand)));
    } else if (isLeft) this.#heard(open, event.t, false);
    else if (!event.marker || (event.chars === 0 && !start.vectors && !start.turn)) {
      this.#heard(open, event.t, true);
    } else if (isRefusal) this.#heard(open, event.t, false);
    else if (!start.beside) this.#watcher.news({ t: event.t, attempt: start, what: 'well' });
  }

  #heard({ start }: Open, t: number, ill: boolean): void {
    if (ill) this.#health = 'ill';
    if (start.beside) return;
    if (!ill && this.#health === 'clean') this.#health = 'blamed';
    this.#watcher.news({ t, attempt: start, what: ill ? 'ill' : 'blamed' });
  }
}

/** Of all else a chain may think that it says something of the target. */
function isAboutTarget(kind: string): boolean {
  return kind !== 'request';
}

/** Below this, chance is excluded. */
export const surely = 5e-4;

/**
 * The greatest chance that a chain which draws lots has for `skips` in a row where a breaker would
 * have them, and none among `asks` other calls, wherever the row may begin and end.
 */
export function chanceOf(skips: number, asks: number): number {
  if (skips === 0) return 1;
  const all = skips + asks;
  const drawn = skips * Math.log(skips / all) + (asks > 0 ? asks * Math.log(asks / all) : 0);
  return Math.min(1, Math.exp(drawn) * (all + 1));
}
