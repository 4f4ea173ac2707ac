// What a planted chain keeps from call to call: targets that it does not ask for a while, and how
// many calls it takes to be in flight. A good chain of this kind keeps nothing.
import type { Failure } from '../../../harness/chains/failure.ts';
import type { Target } from '../../../harness/chains/target.ts';
import { now } from '../../../harness/chains/time.ts';
import type { Mistake } from './mistakes.ts';

const cooldownMs = 120_000;
const probeMs = 5_000;
/** Failures that open; a bad request does at once. */
const most = 5;
const mostInFlight = 40;

export class PlantedBreaker {
  readonly #mistake: Mistake | null;
  readonly #failures = new Map<string, number>();
  readonly #until = new Map<string, number>();
  #inFlight = 0;

  constructor(mistake: Mistake | null) {
    this.#mistake = mistake;
  }

  /** The targets that are asked. */
  open(targets: readonly Target[]): readonly Target[] {
    if (this.#until.size === 0) return targets;
    return targets.filter((target) => (this.#until.get(this.#nameOf(target)) ?? 0) <= now());
  }

  /** Null: the caller left. */
  failed(target: Target, failure: Failure | null): void {
    const name = this.#nameOf(target);
    const forMs = this.#forMs(failure);
    if (forMs === null) return;
    const failures = (this.#failures.get(name) ?? 0) + (failure?.meaning === 'request' ? most : 1);
    this.#failures.set(name, failures);
    if (failures >= most || forMs === Number.POSITIVE_INFINITY) {
      this.#until.set(name, now() + forMs);
      this.#failures.set(name, forMs === probeMs ? most : 0);
    }
  }

  #forMs(failure: Failure | null): number | null {
    switch (this.#mistake) {
      case 'stays-with-fallback':
        return failure ? Number.POSITIVE_INFINITY : null;
      case 'probes-all-the-time':
        return failure ? probeMs : null;
      case 'cools-whole-provider':
      case 'one-breaker-for-all':
        return failure ? cooldownMs : null;
      case 'cools-for-anything':
        return failure === null || failure.meaning === 'request' ? cooldownMs : null;
      default:
        return null;
    }
  }

  #nameOf({ name }: Target): string {
    if (this.#mistake === 'one-breaker-for-all') return 'all';
    if (this.#mistake !== 'cools-whole-provider') return name;
    return name.slice(0, name.indexOf('/'));
  }

  /** Throws where there are too many already. */
  begin(): void {
    if (this.#mistake !== 'never-counts-down') return;
    if (this.#inFlight >= mostInFlight) {
      throw Object.assign(new Error('too many calls in flight'), { status: 429 });
    }
    this.#inFlight++;
  }

  end(hasFailed: boolean): void {
    if (!hasFailed) this.#inFlight--;
  }
}
