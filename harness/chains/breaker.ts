// One target's circuit breaker, cockatiel's, around attempts that are streams: whoever begins one
// is given a watch, and says at its end what it showed. Open, nobody asks the target; after the
// cool-down one attempt does, and all others go on passing it over until that one has ended.
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

export class Breaker {
  /** Why it opened last. */
  reason: string | null = null;

  readonly #policy: CircuitBreakerPolicy;
  readonly #cooldownMs: number;
  readonly #attemptMs: number;
  #openedAt = 0;
  #probe: { watch: Watch; since: number } | null = null;
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
      if (state !== CircuitState.HalfOpen) this.#probe = null;
      const name = names[state];
      if (name) this.#onChange(name);
    });
  }

  /** Whether an attempt may begin now. */
  get admits(): boolean {
    if (this.#policy.state === CircuitState.Open) {
      return wallNow() - this.#openedAt >= this.#cooldownMs;
    }
    const probe = this.#probe;
    if (probe && wallNow() - probe.since > this.#attemptMs) probe.watch.nothing();
    return this.#policy.state === CircuitState.Closed;
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
    if (isProbe) this.#probe = { watch, since: wallNow() };
    return watch;
  }
}
