// One target's circuit breaker, cockatiel's, around attempts that are streams: whoever begins one
// is given a watch, and says at its end what it showed. Open, nobody asks the target; after the
// cool-down one attempt does, and all others go on passing it over until that one has ended. A call
// that has nobody else left may ask before the cool-down is over, one at a time likewise.
import type { CircuitBreakerPolicy } from 'cockatiel';
import { CircuitState, ConsecutiveBreaker, circuitBreaker, handleType } from 'cockatiel';
import type { Failure } from './failure.ts';
import type { Meaning } from './failure-meaning.ts';
import type { BreakerSettings } from './settings.ts';
import { wallNow } from './time.ts';

/** What says that a target is unwell. A limit on our account does not, nor does a bad request. */
const unwell: ReadonlySet<Meaning> = new Set(['server', 'connection', 'timeout', 'bad-answer']);

export function isUnwell({ meaning }: Failure): boolean {
  return unwell.has(meaning);
}

/** Says once what an attempt has shown of its target; whatever is said after that is not heard. */
export interface Watch {
  answered(): void;
  /** It said no: that is enough for a probe, and for nothing else. */
  replied(): void;
  ill(outcome: string): void;
  /** The caller left, or there was no time to wait as long as usual. */
  nothing(): void;
}

class Unwell extends Error {}
/** No failure to the breaker, and where it is half-open a sign of life. */
class Replied extends Error {}

export type BreakerState = 'open' | 'half-open' | 'closed';

const names: Partial<Record<CircuitState, BreakerState>> = {
  [CircuitState.Open]: 'open',
  [CircuitState.HalfOpen]: 'half-open',
  [CircuitState.Closed]: 'closed',
};

interface Probe {
  watch: Watch;
  /** Epoch ms. */
  since: number;
  ended: PromiseWithResolvers<void>;
}

export class Breaker {
  /** Why it opened last. */
  reason: string | null = null;

  readonly #policy: CircuitBreakerPolicy;
  readonly #cooldownMs: number;
  readonly #attemptMs: number;
  #openedAt = 0;
  /** The one attempt that is under way while it is not closed. */
  #probe: Probe | null = null;
  #triedAt = 0;
  #onChange: (state: BreakerState) => void = () => {};

  /** `attemptMs`: an attempt that takes longer is over, whether or not its reader says so. */
  constructor({ failures, cooldownMs }: BreakerSettings, attemptMs: number) {
    this.#cooldownMs = cooldownMs;
    this.#attemptMs = attemptMs;
    this.#policy = circuitBreaker(handleType(Unwell), {
      halfOpenAfter: cooldownMs,
      breaker: new ConsecutiveBreaker(failures),
    });
    this.#policy.onStateChange((state) => {
      // cockatiel reads the same clock in the same turn.
      if (state === CircuitState.Open) this.#openedAt = wallNow();
      if (state !== CircuitState.HalfOpen) this.#endProbe();
      const name = names[state];
      if (name) this.#onChange(name);
    });
  }

  /** Whether an attempt may begin now. */
  get admits(): boolean {
    if (this.#underWay) return false;
    if (this.#policy.state !== CircuitState.Open) return true;
    return wallNow() - this.#openedAt >= this.#cooldownMs;
  }

  /** Since when nobody has asked, epoch ms; null: it admits attempts, or one is under way. */
  get idleSince(): number | null {
    return this.#underWay || this.admits ? null : Math.max(this.#openedAt, this.#triedAt);
  }

  /** The end of the one attempt that is under way while it is not closed; null: none is. */
  get probeEnd(): Promise<void> | null {
    return this.#underWay?.ended.promise ?? null;
  }

  /** The probe, if it is not over. */
  get #underWay(): Probe | null {
    const probe = this.#probe;
    if (probe && wallNow() - probe.since > this.#attemptMs) probe.watch.nothing();
    return this.#probe;
  }

  /** Begins an attempt; null where none may. `onChange` hears what becomes of the breaker by it. */
  begin(onChange: (state: BreakerState) => void): Watch | null {
    if (!this.admits) return null;
    const ended = Promise.withResolvers<void>();
    const change = (ending: () => void): void => {
      this.#onChange = onChange;
      ending();
    };
    this.#onChange = onChange;
    this.#policy.execute(() => ended.promise).catch(() => {});
    const isProbe = this.#policy.state === CircuitState.HalfOpen;
    const ill = (outcome: string): void => {
      this.reason = outcome;
      change(() => ended.reject(new Unwell(outcome)));
    };
    const watch: Watch = {
      answered: () => change(() => ended.resolve()),
      replied: () => change(() => ended.reject(new Replied())),
      ill,
      // A probe that showed nothing is not repeated at once: probes are bounded whatever they show.
      nothing: () => {
        change(() => ended.reject(isProbe ? new Unwell() : new Replied()));
      },
    };
    if (isProbe) this.#beginProbe(watch);
    return watch;
  }

  /**
   * Begins an attempt before the cool-down is over; null where one is under way or `begin` is to be
   * called. A failure shows nothing new: the cool-down goes on as it was.
   */
  beginEarly(onChange: (state: BreakerState) => void): Watch | null {
    if (this.idleSince === null) return null;
    this.#triedAt = wallNow();
    const over = (): boolean => {
      const isFirst = this.#probe?.watch === watch;
      if (isFirst) this.#endProbe();
      return isFirst;
    };
    const close = (): void => {
      if (!over()) return;
      this.#onChange = onChange;
      this.#policy.isolate().dispose();
      // Failures in a row are counted from here on.
      void this.#policy.execute(() => {});
    };
    const watch: Watch = { answered: close, replied: close, ill: over, nothing: over };
    this.#beginProbe(watch);
    return watch;
  }

  #beginProbe(watch: Watch): void {
    this.#probe = { watch, since: wallNow(), ended: Promise.withResolvers() };
  }

  #endProbe(): void {
    this.#probe?.ended.resolve();
    this.#probe = null;
  }
}
