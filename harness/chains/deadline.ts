// The time of one call, shared out fairly: a target that hangs may use what is left, but for what
// every later one must have.
import { now } from './time.ts';

/** Kept back to tell the caller in time. */
const settleMs = 50;

export class Deadline {
  readonly #start = now();
  readonly #totalMs: number;
  readonly #targets: number;
  readonly #firstTokenMs: number;

  constructor(totalMs: number, targets: number, firstTokenMs: number) {
    this.#totalMs = totalMs;
    this.#targets = targets;
    this.#firstTokenMs = firstTokenMs;
  }

  /** ms until the caller must be told something. */
  leftMs(): number {
    return this.#start + this.#totalMs - settleMs - now();
  }

  /** What any target gets at the very least: half of an equal share, if it needs as much. */
  get leastMs(): number {
    return Math.min(this.#firstTokenMs, this.#totalMs / this.#targets / 2);
  }

  /**
   * ms that a target may be silent if it is asked now and `after` more may follow. Each of those
   * keeps the least, or half of an equal share of what is left where that is more.
   */
  shareMs(after: number): number {
    const left = this.leftMs();
    const half = Math.min(this.#firstTokenMs, left / (after + 1) / 2);
    return left - after * Math.max(this.leastMs, half);
  }
}
