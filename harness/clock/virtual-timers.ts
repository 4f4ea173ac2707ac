// The timers of one thread's virtual clock: Node's own shapes (Timeout, Immediate, minimum delay of
// 1 ms, refresh, close, numeric ids) over the heap of fake-timers. The functions are made once and
// for all, because chain modules that stay loaded between trials keep what they captured: while no
// trial runs they are Node's, otherwise they belong to the trial that is running.
import { AsyncResource } from 'node:async_hooks';
import * as timers from 'node:timers';
import { type Clock, createClock } from '@sinonjs/fake-timers';

type Callback = (...args: unknown[]) => void;
type Handle = ReturnType<Clock['setTimeout']> & { refresh(): unknown };

/** What Node's functions were before anybody could replace them; `timers` itself is a live view. */
export const nodeTimers = {
  setTimeout: timers.setTimeout,
  clearTimeout: timers.clearTimeout,
  setInterval: timers.setInterval,
  clearInterval: timers.clearInterval,
  setImmediate: timers.setImmediate,
  clearImmediate: timers.clearImmediate,
};

const DELAY_MAX_MS = 2 ** 31 - 1;
/** No program sees 0 on `performance.now()` or `process.hrtime()`; some test them for truth. */
const UPTIME_AT_START_MS = 1000;

/** The heap, the fake Date and the fake hrtime. One a thread: a captured `Date` must stay right. */
export const clock: Clock = createClock(0);

let trial = 0;
let running = false;
let startMs = 0;
const immediates = new Set<VirtualImmediate>();
const byId = new Map<number, VirtualTimeout>();

export function isRunning(): boolean {
  return running;
}

/** Starts an empty clock at this epoch time. */
export function startClock(startEpochMs: number): void {
  clock.reset();
  clock.setSystemTime(startEpochMs - UPTIME_AT_START_MS);
  clock.tick(UPTIME_AT_START_MS);
  startMs = startEpochMs;
  running = true;
  trial++;
}

/** Stops the clock and throws away what is pending. */
export function stopClock(): { timersLeft: number } {
  const timersLeft = pendingCount();
  running = false;
  immediates.clear();
  byId.clear();
  clock.reset();
  return { timersLeft };
}

/** Milliseconds since the start of the clock. */
export function elapsedMs(): number {
  return clock.now - startMs;
}

/** Milliseconds since the "start of the process", for `performance.now()` and `uptime`. */
export function uptimeMs(): number {
  return elapsedMs() + UPTIME_AT_START_MS;
}

export function pendingCount(): number {
  return clock.countTimers() + immediates.size;
}

/** Runs the next callback: an immediate at the present instant, else the earliest timer. */
export function fireNext(): void {
  for (const immediate of immediates) {
    immediate.fire();
    return;
  }
  clock.next();
}

/** A timer of the harness itself: no async context, not to be seen by the chain. */
export function alarm(atMs: number, callback: () => void): { cancel(): void } {
  const delayMs = Math.min(Math.max(atMs - elapsedMs(), 0), DELAY_MAX_MS);
  const handle = clock.setTimeout(callback, delayMs);
  return { cancel: () => clock.clearTimeout(handle) };
}

/** Node's rule: what is not a number from 1 to 2^31 - 1 is 1; fractions are cut. */
function delayOf(delay: unknown): number {
  const number = Number(delay);
  return number >= 1 && number <= DELAY_MAX_MS ? Math.trunc(number) : 1;
}

/** Extends AsyncResource so that the callback runs in the async context that set it. */
export class VirtualTimeout extends AsyncResource {
  readonly #trial = trial;
  readonly #callback: Callback;
  readonly #args: unknown[];
  readonly #repeats: boolean;
  readonly #handle: Handle;
  #closed = false;
  #referenced = true;

  constructor(callback: Callback, delay: unknown, args: unknown[], repeats: boolean) {
    super('Timeout', { requireManualDestroy: true });
    this.#callback = callback;
    this.#args = args;
    this.#repeats = repeats;
    this.#handle = clock.setTimeout(fireTimeout as Callback, delayOf(delay), this) as Handle;
  }

  fire(): void {
    try {
      this.runInAsyncScope(this.#callback, this, ...this.#args);
    } finally {
      if (this.#repeats) this.refresh();
    }
  }

  refresh(): this {
    // A timer of an earlier trial stays dead: nothing may reach from one trial into the next.
    if (!this.#closed && this.#trial === trial && running) {
      this.#handle.refresh();
    }
    return this;
  }

  close(): this {
    this.#closed = true;
    if (this.#trial === trial) clock.clearTimeout(this.#handle);
    byId.delete(this.asyncId());
    return this;
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

  [Symbol.toPrimitive](): number {
    const id = this.asyncId();
    if (!this.#closed) byId.set(id, this);
    return id;
  }

  [Symbol.dispose](): void {
    this.close();
  }
}

function fireTimeout(timeout: VirtualTimeout): void {
  timeout.fire();
}

export class VirtualImmediate extends AsyncResource {
  readonly #callback: Callback;
  readonly #args: unknown[];
  #referenced = true;

  constructor(callback: Callback, args: unknown[]) {
    super('VirtualImmediate', { requireManualDestroy: true });
    this.#callback = callback;
    this.#args = args;
    immediates.add(this);
  }

  fire(): void {
    immediates.delete(this);
    this.runInAsyncScope(this.#callback, this, ...this.#args);
  }

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

  [Symbol.dispose](): void {
    immediates.delete(this);
  }
}

/** True where Node's own function has to answer: no trial runs, or it will refuse the callback. */
function leaveToNode(callback: unknown): boolean {
  return !running || typeof callback !== 'function';
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
    if (immediate instanceof VirtualImmediate) immediates.delete(immediate);
    else nodeTimers.clearImmediate(immediate as NodeJS.Immediate);
  },
};
