// The clock of one attempt. One signal ends it, whoever gives up: the caller, or a limit. Phases
// count while the provider is waited for, not while the caller is slow to read; the total always.
import { AttemptTimeout, type Limit } from './attempt-error.ts';
import { after, now } from './time.ts';

/** ms from the start of the attempt; `idleMs` from one piece of text to the next. */
export interface LimitSettings {
  headersMs: number;
  firstTokenMs: number;
  idleMs: number;
  totalMs: number;
}

type Phase = Exclude<Limit, 'total'> | 'closing';

/** After its marker a stream may end in good order, so that its connection is used again. */
const closingMs = 100;

export class AttemptLimits {
  readonly #controller = new AbortController();
  readonly #settings: LimitSettings;
  readonly #caller: AbortSignal;
  readonly #start = now();
  readonly #ended: Promise<never>;
  readonly #callOffTotal: () => void;
  #phase: Phase = 'headers';

  constructor(settings: LimitSettings, caller: AbortSignal) {
    this.#settings = settings;
    this.#caller = caller;
    const { signal } = this.#controller;
    this.#ended = new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    });
    // Nobody may be waiting when it happens.
    this.#ended.catch(() => {});
    this.#callOffTotal = after(settings.totalMs, () => this.#expire('total'));
    if (caller.aborted) this.#onCallerAbort();
    else caller.addEventListener('abort', this.#onCallerAbort, { once: true });
  }

  /** For the request: aborts when the attempt is over, for whatever reason. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  sawHeaders(): void {
    if (this.#phase === 'headers') this.#phase = 'first token';
  }

  /** Text for the caller. Nothing else counts as a sign of life. */
  sawText(): void {
    this.#phase = 'idle';
  }

  sawEnd(): void {
    this.#phase = 'closing';
  }

  /** What the provider sends next; rejects when the phase is over, even if the transport hangs. */
  async wait<T>(next: Promise<T>): Promise<T> {
    const phase = this.#phase;
    const callOff = after(this.#remainingMs(phase), () => this.#expire(phase));
    try {
      return await Promise.race([next, this.#ended]);
    } finally {
      callOff();
    }
  }

  /** Leaves no timer and no listener; a request that is not `finished` is aborted. */
  close(finished: boolean): void {
    this.#callOffTotal();
    this.#caller.removeEventListener('abort', this.#onCallerAbort);
    if (!finished) this.#controller.abort();
  }

  readonly #onCallerAbort = (): void => this.#controller.abort(this.#caller.reason);

  #remainingMs(phase: Phase): number {
    if (phase === 'closing') return closingMs;
    if (phase === 'idle') return this.#settings.idleMs;
    const { headersMs, firstTokenMs } = this.#settings;
    const limit = phase === 'headers' ? Math.min(headersMs, firstTokenMs) : firstTokenMs;
    return this.#start + limit - now();
  }

  #expire(phase: Phase | 'total'): void {
    const limit = phase === 'closing' ? 'total' : phase;
    this.#controller.abort(new AttemptTimeout(limit, now() - this.#start));
  }
}
