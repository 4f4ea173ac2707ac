// The timers of one thread's virtual clock: Node's own shapes (Timeout, Immediate, minimum delay of
// 1 ms, refresh, close, numeric ids) over a heap. The functions are made once and for all, because
// chain modules that stay loaded between trials keep what they captured: while no trial runs they
// are Node's, otherwise they belong to the trial that is running.
import { AsyncResource } from 'node:async_hooks';
import type { Timer } from './timer-heap.ts';
import {
  addImmediate,
  addTimer,
  cancelTimer,
  elapsedMs,
  type Immediate,
  immediateIsOver,
  isRunning,
  setTimerAgain,
  timersOfPrograms,
  trialNumber,
} from './virtual-clock.ts';
import { nodeTimers } from './wall.ts';

type Callback = (...args: unknown[]) => void;

const DELAY_MAX_MS = 2 ** 31 - 1;
/** Timeouts that were asked for their number, until they are cleared or the trial is over. */
const byId = new Map<number, VirtualTimeout>();
let byIdTrial = 0;

/** Node's rule: what is not a number from 1 to 2^31 - 1 is 1; fractions are cut. */
function delayOf(delay: unknown): number {
  const number = Number(delay);
  return number >= 1 && number <= DELAY_MAX_MS ? Math.trunc(number) : 1;
}

/** A timeout or an immediate: its callback runs in the async context that set it. */
abstract class Handle extends AsyncResource {
  readonly #callback: Callback;
  readonly #args: unknown[];
  #referenced = true;

  constructor(type: string, callback: Callback, args: unknown[]) {
    super(type, { requireManualDestroy: true });
    this.#callback = callback;
    this.#args = args;
  }

  protected call(): void {
    this.runInAsyncScope(this.#callback, this, ...this.#args);
  }

  // Timers fire whether referenced or not: the simulated process is one that stays up.
  ref(): this {
    this.#referenced = true;
    return this;
  }

  unref(): this {
    this.#referenced = false;
    return this;
  }

  hasRef(): boolean {
    return this.#referenced;
  }
}

/** A timer of the chain that has not fired. */
export interface SetTimer {
  /** ms since the trial's start; of an interval, when it was made. */
  setMs: number;
  /** Null: once. */
  everyMs: number | null;
  /** Runs in the async context in which it was made. */
  within<T>(run: () => T): T;
}

export class VirtualTimeout extends Handle {
  readonly #trial = trialNumber();
  readonly #delayMs: number;
  readonly #repeats: boolean;
  readonly #timer: Timer;
  readonly #madeMs = elapsedMs();
  #closed = false;

  constructor(callback: Callback, delay: unknown, args: unknown[], repeats: boolean) {
    super('Timeout', callback, args);
    this.#delayMs = delayOf(delay);
    this.#repeats = repeats;
    this.#timer = addTimer(this.#delayMs, () => this.#fire(), this);
  }

  #fire(): void {
    try {
      this.call();
    } finally {
      if (this.#repeats) this.refresh();
    }
  }

  refresh(): this {
    // A timer of an earlier trial stays dead: nothing may reach from one trial into the next.
    if (!this.#closed && this.#trial === trialNumber() && isRunning()) {
      setTimerAgain(this.#timer, this.#delayMs);
    }
    return this;
  }

  /** As it is set now, to fire in so many ms. */
  asSet(inMs: number): SetTimer {
    const setMs = this.#repeats ? this.#madeMs : elapsedMs() + inMs - this.#delayMs;
    return {
      setMs,
      everyMs: this.#repeats ? this.#delayMs : null,
      within: (run) => this.runInAsyncScope(run),
    };
  }

  close(): this {
    this.#closed = true;
    cancelTimer(this.#timer);
    byId.delete(this.asyncId());
    return this;
  }

  [Symbol.toPrimitive](): number {
    const id = this.asyncId();
    if (byIdTrial !== trialNumber()) byId.clear();
    byIdTrial = trialNumber();
    if (!this.#closed) byId.set(id, this);
    return id;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

export class VirtualImmediate extends Handle implements Immediate {
  readonly #trial = trialNumber();
  #pending = true;

  constructor(callback: Callback, args: unknown[]) {
    super('VirtualImmediate', callback, args);
    addImmediate(this);
  }

  isPending(): boolean {
    return this.#pending;
  }

  fire(): void {
    this[Symbol.dispose]();
    this.call();
  }

  [Symbol.dispose](): void {
    if (!this.#pending) return;
    this.#pending = false;
    if (this.#trial === trialNumber() && isRunning()) immediateIsOver();
  }
}

/** True where Node's own function has to answer: no trial runs, or it will refuse the callback. */
function leaveToNode(callback: unknown): boolean {
  return !isRunning() || typeof callback !== 'function';
}

function clear(timer: unknown): boolean {
  const timeout = typeof timer === 'object' ? timer : byId.get(Number(timer));
  if (!(timeout instanceof VirtualTimeout)) return false;
  timeout.close();
  return true;
}

/** The six functions, to be put in place of Node's. */
export const virtualTimers = {
  setTimeout(callback: Callback, delay?: unknown, ...args: unknown[]): unknown {
    if (leaveToNode(callback)) return nodeTimers.setTimeout(callback, delay as number, ...args);
    return new VirtualTimeout(callback, delay, args, false);
  },
  setInterval(callback: Callback, delay?: unknown, ...args: unknown[]): unknown {
    if (leaveToNode(callback)) return nodeTimers.setInterval(callback, delay as number, ...args);
    return new VirtualTimeout(callback, delay, args, true);
  },
  setImmediate(callback: Callback, ...args: unknown[]): unknown {
    if (leaveToNode(callback)) return nodeTimers.setImmediate(callback, ...args);
    return new VirtualImmediate(callback, args);
  },
  clearTimeout(timer?: unknown): void {
    if (!clear(timer)) nodeTimers.clearTimeout(timer as NodeJS.Timeout);
  },
  clearInterval(timer?: unknown): void {
    if (!clear(timer)) nodeTimers.clearInterval(timer as NodeJS.Timeout);
  },
  clearImmediate(immediate?: unknown): void {
    if (immediate instanceof VirtualImmediate) immediate[Symbol.dispose]();
    else nodeTimers.clearImmediate(immediate as NodeJS.Immediate);
  },
};

/** The timeouts and intervals that are set. */
export function setTimers(): SetTimer[] {
  return timersOfPrograms().flatMap(({ owner, inMs }) =>
    owner instanceof VirtualTimeout ? [owner.asSet(inMs)] : [],
  );
}
