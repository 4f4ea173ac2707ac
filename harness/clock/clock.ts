// Virtual time: the globals that tell or make time, replaced for one trial, and the loop that moves
// the clock. The loop lets everything that a timer set off come to rest (promises, ticks, streams,
// real work) before it jumps to the next timer: one timer a turn, so that what two timers of one
// instant start outside JavaScript cannot overtake each other on a busy machine.
import { HarnessError } from '../errors.ts';
import { Patches } from './patches.ts';
import { noRealWork, type RealWork, realWorkIsCheap, trackRealWork } from './real-work.ts';
import { patchSocketTimeouts } from './socket-timeouts.ts';
import { patchTime } from './time-globals.ts';
import type { Timer } from './timer-heap.ts';
import {
  alarm,
  cancelTimer,
  elapsedMs,
  fireNext,
  isRunning,
  pendingCount,
  startClock,
  stopClock,
  timerCount,
} from './virtual-clock.ts';
import { wall } from './wall.ts';
import { patchZlib } from './zlib-sync.ts';

/** Why a drive ended; times are virtual milliseconds since the start of the trial. */
export type Ending =
  | { end: 'done' }
  /** Not done, and no timer and no real work is left that could change it. */
  | { end: 'hung' }
  | { end: 'horizon' }
  /** Real work that takes more than seconds of wall time, or never stops beginning anew. */
  | { end: 'real-work'; resource: string };

export interface Drive {
  isDone(): boolean;
  /** Absolute; timers at this time or later do not fire. A function may move it while driving. */
  untilMs: number | (() => number);
  /** Called once a turn: proof of life for a watchdog in another thread. */
  onBeat?(): void;
}

export interface VirtualTime {
  /** Whole milliseconds since the start of the trial. */
  now(): number;
  drive(drive: Drive): Promise<Ending>;
  /**
   * Restores every global and throws away pending timers, or keeps them for the next installation:
   * they go on where they stood. `timersLeft` says how many there were.
   */
  uninstall(options?: { keepTimers?: boolean }): { timersLeft: number };
  /** How many timeouts and intervals are set; loaders of modules leave immediates behind. */
  timersSet(): number;
}

export interface VirtualTimeOptions {
  startEpochMs: number;
  /**
   * Whether the clock waits for work outside JavaScript; `auto` where this costs next to nothing.
   */
  realWork: boolean | 'auto';
  /** Wall time without an operation ending before the drive gives up. */
  realWorkPatienceMs?: number;
}

/** Turns without a timer before "nothing can happen any more" counts as proven. */
const QUIET_TURNS = 10;
/** After so many turns of waiting for real work, wait a millisecond at a time: leave it the CPU. */
const BUSY_TURNS = 200;
const REAL_WORK_PATIENCE_MS = 5000;
/** Real work that ends and begins anew at one instant of virtual time: a poll loop. */
const PATIENCE_PER_INSTANT = 6;

/** One at a time in a thread. */
export function installVirtualTime(options: VirtualTimeOptions): VirtualTime {
  const { startEpochMs, realWork, realWorkPatienceMs = REAL_WORK_PATIENCE_MS } = options;
  if (isRunning()) {
    throw new HarnessError(
      'Failed to install virtual time: it is installed in this thread already',
    );
  }
  const tracked = realWork === 'auto' ? realWorkIsCheap() : realWork;
  startClock(Math.trunc(startEpochMs));
  const patches = new Patches();
  patchTime(patches);
  patchSocketTimeouts(patches);
  patchZlib(patches);
  patches.publish();
  const work = tracked ? trackRealWork() : noRealWork;
  let installed = true;
  return {
    now: elapsedMs,
    drive: (drive) =>
      new Promise((resolve, reject) => {
        new Loop(drive, work, realWorkPatienceMs, resolve, reject).start();
      }),
    timersSet: timerCount,
    uninstall({ keepTimers = false } = {}) {
      if (!installed) return { timersLeft: 0 };
      installed = false;
      work.stop();
      patches.restore();
      return stopClock(keepTimers);
    },
  };
}

class Loop {
  readonly #drive: Drive;
  readonly #work: RealWork;
  readonly #patienceMs: number;
  readonly #resolve: (ending: Ending) => void;
  readonly #reject: (error: unknown) => void;
  readonly #untilMs: () => number;

  #horizonMs = Number.NaN;
  #horizonAlarm: Timer | null = null;
  #horizonReached = false;
  #quietTurns = 0;
  #waitTurns = 0;
  #waitSinceMs = 0;
  #progressMs = 0;
  #progressBefore = 0;

  constructor(
    drive: Drive,
    work: RealWork,
    patienceMs: number,
    resolve: (ending: Ending) => void,
    reject: (error: unknown) => void,
  ) {
    const { untilMs } = drive;
    this.#drive = drive;
    this.#work = work;
    this.#patienceMs = patienceMs;
    this.#resolve = resolve;
    this.#reject = reject;
    this.#untilMs = typeof untilMs === 'function' ? untilMs : () => untilMs;
  }

  start(): void {
    this.#turn();
  }

  /** One turn of the event loop later, `#step`. */
  #turn(): void {
    this.#work.unseen(() => wall.setImmediate(this.#step));
  }

  readonly #step = (): void => {
    try {
      this.#drive.onBeat?.();
      if (!this.#work.settled()) {
        const stuck = this.#stuckWork();
        if (stuck) this.#end(stuck);
        else this.#wait();
        return;
      }
      this.#waitTurns = 0;
      const ending = this.#ending();
      if (ending) {
        this.#end(ending);
        return;
      }
    } catch (error) {
      this.#dropHorizon();
      this.#reject(error);
      return;
    }
    // What a callback throws is an uncaught exception, as in Node, and not the end of the loop.
    try {
      if (this.#anyPending()) fireNext();
    } finally {
      this.#turn();
    }
  };

  #end(ending: Ending): void {
    this.#dropHorizon();
    this.#resolve(ending);
  }

  #dropHorizon(): void {
    if (this.#horizonAlarm) cancelTimer(this.#horizonAlarm);
    this.#horizonAlarm = null;
  }

  #anyPending(): boolean {
    return pendingCount() > (this.#horizonAlarm ? 1 : 0);
  }

  /** Why not to fire another callback, once everything has come to rest. */
  #ending(): Ending | null {
    if (this.#drive.isDone()) return { end: 'done' };
    this.#setHorizon();
    if (this.#horizonReached) return { end: 'horizon' };
    if (!this.#anyPending()) return ++this.#quietTurns > QUIET_TURNS ? { end: 'hung' } : null;
    this.#quietTurns = 0;
    return null;
  }

  #setHorizon(): void {
    const untilMs = this.#untilMs();
    if (untilMs === this.#horizonMs) return;
    this.#horizonMs = untilMs;
    this.#dropHorizon();
    this.#horizonReached = untilMs <= elapsedMs();
    if (this.#horizonReached || untilMs === Number.POSITIVE_INFINITY) return;
    this.#horizonAlarm = alarm(untilMs, () => {
      this.#horizonAlarm = null;
      this.#horizonReached = true;
    });
  }

  #wait(): void {
    this.#waitTurns++;
    if (this.#waitTurns <= BUSY_TURNS) this.#turn();
    else this.#work.unseen(() => wall.setTimeout(this.#step, 1));
  }

  #stuckWork(): Ending | null {
    const nowMs = wall.nowMs();
    if (this.#waitTurns === 0) this.#waitSinceMs = nowMs;
    const progress = this.#work.progress();
    if (this.#waitTurns === 0 || progress !== this.#progressBefore) {
      this.#progressBefore = progress;
      this.#progressMs = nowMs;
    }
    const idle = nowMs - this.#progressMs > this.#patienceMs;
    const endless = nowMs - this.#waitSinceMs > this.#patienceMs * PATIENCE_PER_INSTANT;
    if (!idle && !endless) return null;
    if (this.#drive.isDone()) return { end: 'done' };
    return { end: 'real-work', resource: this.#work.oldest() ?? 'callbacks of Node itself' };
  }
}
