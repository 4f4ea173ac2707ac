// The caller of one call that will not wait for ever: it reads as any other until its moment comes,
// then aborts the signal, stops reading and goes. What the chain does after that is its own affair,
// and is written down.
import type { Ask, ChainAnswer, Pieces } from '../chains/chain.ts';
import type { CallerEvent } from '../history.ts';
import type { Timers } from '../network/virtual-response.ts';
import type { CallerRule } from '../scenario/caller-rule.ts';
import { durationText } from '../scenario/units.ts';
import type { Got } from './caller.ts';
import { piecesIn } from './caller.ts';
import { describeError } from './caller-error.ts';

/** Where a caller lives. */
export interface CallerPlace {
  call: number;
  rule: CallerRule;
  /** ms since the trial's start. */
  now(): number;
  timers: Timers;
  /** Runs it as a part of the call: what it sets off belongs to the call too. */
  within(run: () => void): void;
  /** The caller goes. */
  leaves(event: CallerEvent): void;
  /** The chain is done with the call that it left. */
  released(): void;
}

export class CallerAction {
  readonly #of: CallerPlace;
  readonly #controller = new AbortController();
  readonly #gone = Promise.withResolvers<Got>();
  /** What the chain promised, and the text that it gave as it comes. */
  #asked: Promise<ChainAnswer> | null = null;
  #reading: AsyncIterator<string> | null = null;
  #text = '';
  #first: number | null = null;
  #began = 0;
  #running = 0;
  #timer: unknown = null;
  #over = false;
  #left = false;

  constructor(place: CallerPlace) {
    this.#of = place;
    const { when, did } = place.rule;
    if (when.at !== 'time') return;
    const time = durationText(when.ms);
    const why = did === 'abort' ? `${time} after it asked` : `its deadline of ${time} is over`;
    this.#leaveIn(when.ms, () => why);
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get hasLeft(): boolean {
    return this.#left;
  }

  /** What the caller has when it goes; pending for ever where it does not. */
  get gone(): Promise<Got> {
    return this.#gone.promise;
  }

  /** The chain, asked and read by this caller. */
  asking(ask: Ask): Ask {
    return async (question, signal) => {
      this.#asked = Promise.resolve(ask(question, signal));
      const answer = await this.#asked;
      if (this.#left) return never();
      const pieces = piecesIn(answer);
      if (!pieces) return answer;
      const read = this.#read(pieces);
      if (pieces === answer || typeof answer === 'string' || !('text' in answer)) return read;
      const { meta } = answer;
      return { text: read, ...(meta === undefined ? {} : { meta }) };
    };
  }

  attemptBegan(): void {
    this.#began++;
    this.#running++;
    const { when } = this.#of.rule;
    if (when.at === 'backoff') this.#stayFor();
    if (when.at !== 'attempt' || this.#began !== when.nth) return;
    this.#leaveIn(0, () => `as attempt ${when.nth} began`);
  }

  /** `failed`: without an answer. */
  attemptEnded(failed: boolean): void {
    this.#running--;
    const { when } = this.#of.rule;
    if (when.at !== 'backoff' || !failed || this.#running > 0 || this.#began < when.after) return;
    const time = durationText(when.intoMs);
    this.#leaveIn(when.intoMs, () => `${time} after attempt ${this.#began} had failed`);
  }

  /** The call has its outcome: nothing is left to do. */
  settle(): void {
    this.#over = true;
    this.#stayFor();
  }

  #leaveIn(ms: number, why: () => string): void {
    if (this.#over) return;
    this.#timer = this.#of.timers.set(() => this.#leave(why()), ms);
  }

  #stayFor(): void {
    this.#of.timers.clear(this.#timer);
    this.#timer = null;
  }

  #leave(why: string): void {
    if (this.#over) return;
    const { call, rule, now, leaves, within } = this.#of;
    const { did } = rule;
    const at = now();
    this.settle();
    this.#left = true;
    leaves({ e: 'caller', t: at, call, did, why });
    const got = { at, first: this.#first, text: this.#text };
    const reason = did === 'abort' ? undefined : timeoutError();
    this.#gone.resolve(
      reason
        ? { ...got, kind: 'error', error: describeError(reason) }
        : { ...got, kind: 'aborted' },
    );
    within(() => {
      this.#controller.abort(reason);
      this.#letGo();
    });
  }

  /** Nobody reads on; who still has an answer to give is told so. */
  async #letGo(): Promise<void> {
    try {
      const reading = this.#reading ?? piecesIn(await this.#asked)?.[Symbol.asyncIterator]();
      await reading?.return?.();
    } catch {
      // Nobody listens any more.
    }
    this.#of.released();
  }

  #read(pieces: Pieces): Pieces {
    const reading = pieces[Symbol.asyncIterator]();
    this.#reading = reading;
    const next = async (): Promise<IteratorResult<string>> => {
      const piece = await reading.next();
      if (!piece.done && !this.#left) this.#took(piece.value);
      return this.#left ? never() : piece;
    };
    const stop = async (): Promise<IteratorResult<string>> => {
      await reading.return?.();
      return { done: true, value: undefined };
    };
    return { [Symbol.asyncIterator]: () => ({ next, return: stop }) };
  }

  #took(piece: unknown): void {
    if (typeof piece !== 'string') return;
    if (piece !== '') this.#first ??= this.#of.now();
    this.#text += piece;
    const { when } = this.#of.rule;
    const { length } = this.#text;
    if (when.at === 'characters' && length >= when.count) this.#leave(`after ${length} characters`);
  }
}

function never<T>(): Promise<T> {
  return new Promise(() => {});
}

/** What `AbortSignal.timeout` gives. */
function timeoutError(): DOMException {
  return new DOMException('The operation was aborted due to timeout', 'TimeoutError');
}
