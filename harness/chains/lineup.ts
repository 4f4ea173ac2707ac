// What all calls of a chain know of its targets together: whose turn it is in a pool, and which of
// them are left alone for a while. Everything that one call knows for itself is walk.ts's.
import { Balance } from './balance.ts';
import type { Watch } from './breaker.ts';
import { Breaker, isUnwell } from './breaker.ts';
import type { Tell } from './chain-event.ts';
import type { Failure } from './failure.ts';
import type { ReferenceSettings } from './settings.ts';
import type { Target } from './target.ts';

/** What came of an attempt, for those that come after it. */
export interface Told {
  answered(): void;
  /** `hurried`: it had less time than attempts usually have. */
  failed(failure: Failure, hurried: boolean): void;
  /** Its caller left. */
  left(): void;
}

export class Lineup {
  readonly #balance: Balance | null;
  readonly #breakers = new Map<Target, Breaker>();
  readonly #labels = new Map<Target, string>();

  constructor(
    { balance, breaker, attempt }: ReferenceSettings,
    targets: readonly Target[],
    random: () => number,
  ) {
    this.#balance = balance ? new Balance(random) : null;
    const seen = new Map<string, number>();
    for (const target of targets) {
      const number = (seen.get(target.name) ?? 0) + 1;
      seen.set(target.name, number);
      this.#labels.set(target, number === 1 ? target.name : `${target.name} #${number}`);
      if (breaker) this.#breakers.set(target, new Breaker(breaker, attempt.timeoutMs));
    }
  }

  /** What events call it. */
  labelOf(target: Target): string {
    return this.#labels.get(target) ?? target.name;
  }

  /** The order in which a new call asks them. */
  order(targets: readonly Target[]): readonly Target[] {
    return this.#balance?.order(targets) ?? targets;
  }

  /** Whether others of the same model take a target's retries. */
  get hasPools(): boolean {
    return this.#balance !== null;
  }

  /** Why a target is not asked now; null: it may be. */
  closedTo(target: Target): string | null {
    const breaker = this.#breakers.get(target);
    return !breaker || breaker.admits ? null : (breaker.reason ?? 'failures');
  }

  /** Who of those that are left alone has been so for longest, and is asked by nobody now. */
  longestAlone(targets: readonly Target[]): Target | null {
    const since = (target: Target): number | null => this.#breakers.get(target)?.idleSince ?? null;
    const alone = targets.flatMap((target) => {
      const at = since(target);
      return at === null ? [] : [{ target, at }];
    });
    return alone.sort((a, b) => a.at - b.at)[0]?.target ?? null;
  }

  /** When the first of those is told of whom others are asking just now; null: nobody is. */
  nextTold(targets: readonly Target[]): Promise<void> | null {
    const ends = targets.map((target) => this.#breakers.get(target)?.probeEnd ?? null);
    const under = ends.filter((end) => end !== null);
    return under.length === 0 ? null : Promise.race(under);
  }

  /**
   * Begins an attempt; null where its breaker does not let it, or, if it `mayBeEarly`, where
   * somebody's probe is under way.
   */
  begin(target: Target, tell: Tell, mayBeEarly: boolean): Told | null {
    const breaker = this.#breakers.get(target);
    const tellState = (state: string): void =>
      tell({ kind: 'breaker', to: this.labelOf(target), reason: state });
    const early = (): Watch | null =>
      mayBeEarly ? (breaker?.beginEarly(tellState) ?? null) : null;
    const watch = breaker ? (breaker.begin(tellState) ?? early()) : unwatched;
    if (!watch) return null;
    return {
      answered: () => {
        this.#balance?.answered(target);
        watch.answered();
      },
      failed: (failure, hurried) => {
        const isHurry = hurried && failure.meaning === 'timeout';
        if (!isHurry) this.#balance?.failed(target, failure);
        if (isHurry) watch.nothing();
        else if (isUnwell(failure)) watch.ill(failure.outcome);
        else watch.replied();
      },
      left: () => watch.nothing(),
    };
  }
}

const unwatched: Watch = { answered() {}, replied() {}, ill() {}, nothing() {} };
