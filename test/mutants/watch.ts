// The time limits of one attempt: until the first text, between texts, and in all.
import { TimeUp } from './failure.ts';

export interface Times {
  firstTextMs: number;
  idleMs: number;
  totalMs: number;
}

export class Watch {
  /** Why the attempt was ended, where a limit ended it. */
  expired: TimeUp | null = null;
  readonly #times: Times;
  readonly #caller: AbortSignal;
  readonly #own = new AbortController();
  readonly #total: ReturnType<typeof setTimeout>;
  #next: ReturnType<typeof setTimeout>;

  constructor(times: Times, caller: AbortSignal) {
    this.#times = times;
    this.#caller = caller;
    this.#total = setTimeout(this.#expire, times.totalMs, 'total');
    this.#next = setTimeout(this.#expire, times.firstTextMs, 'first text');
    caller.addEventListener('abort', this.#leave, { once: true });
  }

  get signal(): AbortSignal {
    return this.#own.signal;
  }

  /** Text has come. */
  heard(): void {
    clearTimeout(this.#next);
    this.#next = setTimeout(this.#expire, this.#times.idleMs, 'idle');
  }

  close(): void {
    clearTimeout(this.#next);
    clearTimeout(this.#total);
    this.#caller.removeEventListener('abort', this.#leave);
    // Whatever is still open is of no use any more.
    this.#own.abort();
  }

  readonly #leave = (): void => this.#own.abort(this.#caller.reason);

  readonly #expire = (limit: string): void => {
    this.expired = new TimeUp(limit);
    this.#own.abort(this.expired);
  };
}

/** Rejects with the signal's reason as soon as it aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const leave = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', leave);
      resolve();
    }, ms);
    signal.addEventListener('abort', leave, { once: true });
  });
}
