// When an event of a live stream goes on, where faults slow it: never before it came.
import type { Effect } from '../faults/effect.ts';
import type { Frame } from '../wires/wire.ts';

export class Pacing {
  #ttftMs = 0;
  #ttftFactor = 1;
  #gapMs = 0;
  /** Of the last piece of text, ms since the request. */
  #lastMs: number | null = null;

  /** `typical`: how many pieces of text an answer is likely to have. */
  constructor(effects: readonly Effect[], typical: number) {
    for (const effect of effects) {
      if (effect.kind !== 'pace') continue;
      if (effect.ttftMs !== undefined) this.#ttftMs = effect.ttftMs;
      this.#ttftFactor *= effect.ttftFactor ?? 1;
      if (effect.tokensPerSecond !== undefined) this.#gapMs = 1000 / effect.tokensPerSecond;
      if (effect.streamMs !== undefined) this.#gapMs = effect.streamMs / Math.max(1, typical - 1);
    }
  }

  /** When it goes on, ms since the request, of an event that came at `nowMs`. */
  dueMs({ role }: Pick<Frame, 'role'>, nowMs: number): number {
    if (role !== 'payload' && role !== 'reasoning') return nowMs;
    const dueMs =
      this.#lastMs === null
        ? Math.max(nowMs, this.#ttftMs, nowMs * this.#ttftFactor)
        : Math.max(nowMs, this.#lastMs + this.#gapMs);
    this.#lastMs = dueMs;
    return dueMs;
  }
}
