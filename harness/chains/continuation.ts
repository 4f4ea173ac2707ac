// Joins what a second model goes on with to what a first one had said. Models that are asked to go
// on like to repeat the last words, or to start over: what was said already is dropped.

/** Fewer characters are repeated by chance, and belong to the answer. */
const leastOverlap = 4;

export class Continuation {
  readonly #said: string;
  /** What came so far, while it may still be a repetition; null once that is decided. */
  #held: string | null = '';

  /** `said`: all that the caller has read. */
  constructor(said: string) {
    this.#said = said;
  }

  /** What of the next piece is new; '' while that cannot be told. */
  take(piece: string): string {
    if (this.#held === null) return piece;
    this.#held += piece;
    // As long as the caller has read exactly this before, more may be a repetition too.
    return this.#endsInsideSaid() ? '' : this.rest();
  }

  /** What is new of what was held back: at the end there is nothing to wait for. */
  rest(): string {
    const held = this.#held ?? '';
    this.#held = null;
    for (let size = Math.min(held.length, this.#said.length); size >= leastOverlap; size--) {
      if (this.#said.endsWith(held.slice(0, size))) return held.slice(size);
    }
    return held;
  }

  /** Whether all that came is the beginning of some end of what was said. */
  #endsInsideSaid(): boolean {
    const held = this.#held ?? '';
    let at = this.#said.lastIndexOf(held);
    while (at >= 0) {
      if (at + held.length < this.#said.length) return true;
      at = at === 0 ? -1 : this.#said.lastIndexOf(held, at - 1);
    }
    return false;
  }
}
