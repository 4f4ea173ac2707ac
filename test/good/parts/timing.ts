// Time as chains use it: a sleep that an abort ends, and the clock of one attempt.
import { Late } from './failure.ts';

/** Waits; rejects with the signal's reason as soon as it aborts. */
export function sleep(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const stop = (): void => {
      clearTimeout(timer);
      reject(signal.reason);
    };
    const timer = setTimeout(() => {
      signal.removeEventListener('abort', stop);
      resolve();
    }, ms);
    if (signal.aborted) stop();
    else signal.addEventListener('abort', stop, { once: true });
  });
}

/** Anything from `fromMs` to `toMs`: callers that failed together must not come back together. */
export function between(fromMs: number, toMs: number): number {
  return fromMs + Math.random() * (toMs - fromMs);
}

/**
 * The clock of one attempt. Its signal ends everything that belongs to it, whoever gives up first:
 * the caller or a limit. No timer outlives `close`.
 */
export class Attempt {
  readonly #controller = new AbortController();
  readonly #caller: AbortSignal;
  readonly #total: NodeJS.Timeout;
  readonly #over: Promise<never>;

  constructor(caller: AbortSignal, totalMs: number) {
    this.#caller = caller;
    const { signal } = this.#controller;
    this.#over = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    this.#over.catch(() => {});
    this.#total = setTimeout(() => this.#controller.abort(new Late('all of it', totalMs)), totalMs);
    if (caller.aborted) this.#leave();
    else caller.addEventListener('abort', this.#leave, { once: true });
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  /** Waits for `next`, but not for longer than `ms`, nor beyond the end of the attempt. */
  async within<T>(ms: number, what: string, next: Promise<T>): Promise<T> {
    const timer = setTimeout(() => this.#controller.abort(new Late(what, ms)), ms);
    try {
      return await Promise.race([next, this.#over]);
    } catch (error) {
      // A library may wrap our own reason in an error of its own.
      throw this.signal.aborted ? this.signal.reason : error;
    } finally {
      clearTimeout(timer);
    }
  }

  /** Ends what is still going on. */
  close(): void {
    clearTimeout(this.#total);
    this.#caller.removeEventListener('abort', this.#leave);
    this.#controller.abort(new Late('closed', 0));
  }

  readonly #leave = (): void => this.#controller.abort(this.#caller.reason);
}

/** What a stream yields, with at most `firstMs` before the first and `idleMs` before each other. */
export async function* paced<T, R>(
  source: AsyncGenerator<T, R>,
  attempt: Attempt,
  firstMs: number,
  idleMs: number,
): AsyncGenerator<T, R> {
  let next = attempt.within(firstMs, 'first token', source.next());
  try {
    for (;;) {
      const got = await next;
      if (got.done) return got.value;
      yield got.value;
      next = attempt.within(idleMs, 'idle', source.next());
    }
  } finally {
    // Not awaited: a connection that hangs must not hold up the next target.
    source.return(undefined as R).catch(() => {});
  }
}
