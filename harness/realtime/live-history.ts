// A history that is written for as long as a server runs, and read meanwhile: every event is on
// disk before the next is made, whole lines only, so that it can be read after any end. Memory
// holds one number for a thousand events.
import type { HistoryEvent } from '../history.ts';
import type { HistoryWriter } from '../run/history-file.ts';
import { linesOf, writeHistory } from '../run/history-file.ts';
import { breath } from './breath.ts';

/** Between events whose place in the file is kept. */
const stride = 1_000;
/** So many lines are read before whoever else waits has a turn. */
const linesABreath = 200;

export class LiveHistory {
  readonly #file: string;
  readonly #writer: HistoryWriter;
  /** Where in the file every thousandth event begins. */
  readonly #places: number[] = [];
  #events = 0;
  #fail: (error: unknown) => void = () => {};
  /** Resolves where it cannot be written any more: what comes then is not in it. */
  readonly failed = new Promise<unknown>((resolve) => {
    this.#fail = resolve;
  });

  /** Throws HarnessError where the file cannot be written. */
  constructor(file: string) {
    this.#file = file;
    this.#writer = writeHistory(file, true);
  }

  /** How many there are. */
  get events(): number {
    return this.#events;
  }

  record(event: HistoryEvent): void {
    if (this.#events % stride === 0) this.#places.push(this.#writer.bytes());
    // Events come from timers, too, where nobody would catch it.
    try {
      this.#writer.record(event);
      this.#events++;
    } catch (error) {
      this.#fail(error);
    }
  }

  /** As they are in the file, without their ends, from the one after so many events. */
  async *lines(since = 0, until = this.#events): AsyncGenerator<string> {
    if (since >= until) return;
    let at = since - (since % stride);
    for (const line of linesOf(`${this.#file}.partial`, this.#places[at / stride])) {
      if (at >= until) return;
      if (at++ < since) continue;
      yield line;
      if (at % linesABreath === 0) await breath();
    }
  }

  /** Gives the file its final name. */
  close(): void {
    this.#writer.close();
  }

  /** Where it cannot be written any more: what is in it is kept. */
  leave(): void {
    this.#writer.leave();
  }

  discard(): void {
    this.#writer.discard();
  }
}
