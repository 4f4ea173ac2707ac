// A bucket of tokens that fills up all the time, to its brim: what providers limit rates with.
import type { Quota } from '../scenario/units.ts';
import type { Allowance } from './rejection.ts';

/** Sums of fractions are off by less. */
const slack = 1e-6;

export class Bucket {
  readonly #quota: Quota;
  /** The most that it holds. */
  readonly capacity: number;
  #level: number;
  #at = 0;

  constructor(quota: Quota, capacity = quota.count) {
    this.#quota = quota;
    this.capacity = capacity;
    this.#level = capacity;
  }

  /** ms until it has so much; 0 where it has it now. */
  waitMs(amount: number, now: number): number {
    this.#fill(now);
    return amount <= this.#level + slack ? 0 : this.#timeFor(amount - this.#level);
  }

  take(amount: number, now: number): void {
    this.#fill(now);
    this.#level -= amount;
  }

  /** The limit as written, and what is left of it in whole numbers. */
  allowance(now: number): Allowance {
    this.#fill(now);
    const { count } = this.#quota;
    return {
      limit: count,
      remaining: Math.min(count, Math.max(0, Math.floor(this.#level + slack))),
      resetMs: Math.ceil(this.#timeFor(this.capacity - this.#level)),
    };
  }

  #timeFor(amount: number): number {
    return (amount * this.#quota.perMs) / this.#quota.count;
  }

  #fill(now: number): void {
    if (now <= this.#at) return;
    const gained = ((now - this.#at) * this.#quota.count) / this.#quota.perMs;
    this.#level = Math.min(this.capacity, this.#level + gained);
    this.#at = now;
  }
}
