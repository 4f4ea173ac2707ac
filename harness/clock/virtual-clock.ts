// The virtual clock of this thread: what time it is, what is due, and the harness's own alarms. It
// knows no globals; virtual-timers.ts and time-globals.ts show it to programs.
import { type Clock, createClock } from '@sinonjs/fake-timers';
import { type Timer, TimerHeap } from './timer-heap.ts';

/** No program sees 0 on `performance.now()` or `process.hrtime()`; some test them for truth. */
const UPTIME_AT_START_MS = 1000;

/** The fake Date, hrtime and Temporal. One a thread: a captured `Date` must stay right. */
export const clock: Clock = createClock(0);

/** What is to run at the present instant, before any timer. */
export interface Immediate {
  /** False once it has run or was cleared. */
  isPending(): boolean;
  fire(): void;
}

const heap = new TimerHeap();
let trial = 0;
let running = false;
let startMs = 0;
/** When the clock was stopped, where its timers were kept; else null. */
let keptAtMs: number | null = null;
/** In the order in which they were set; those that were cleared are passed over. */
let immediates: Immediate[] = [];
let immediatesPassed = 0;
let immediatesPending = 0;

export function isRunning(): boolean {
  return running;
}

/** Changes with every start. */
export function trialNumber(): number {
  return trial;
}

/** Starts a clock at this epoch time, empty or with the timers that were kept. */
export function startClock(startEpochMs: number): void {
  clock.reset();
  if (keptAtMs === null) trial++;
  else heap.putOff(startEpochMs - keptAtMs);
  keptAtMs = null;
  immediatesInARow = 0;
  clock.setSystemTime(startEpochMs - UPTIME_AT_START_MS);
  clock.now = startEpochMs;
  startMs = startEpochMs;
  running = true;
}

/** Stops the clock and throws away what is pending, or keeps it for the next start. */
export function stopClock(keepTimers = false): { timersLeft: number } {
  const timersLeft = pendingCount();
  running = false;
  if (keepTimers) {
    keptAtMs = clock.now;
    clock.reset();
    return { timersLeft };
  }
  immediates = [];
  immediatesPassed = 0;
  immediatesPending = 0;
  heap.clear();
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
  return heap.size + immediatesPending;
}

/** So many immediates in a row are work that is done in pieces; what goes on after them polls. */
const PIECES_MAX = 1000;
/** Polling takes time in production, and so it must here: what is polled for comes with time. */
const POLLS_PER_MS = 10;
/** What polls for so long polls for ever: from then on time goes from timer to timer. */
const POLLS_MAX = 100_000;
let immediatesInARow = 0;

/** Timeouts and intervals, without immediates. */
export function timerCount(): number {
  return heap.size;
}

/** Runs the next callback: an immediate at the present instant, else the earliest timer. */
export function fireNext(): void {
  if (immediatesPending === 0) immediatesInARow = 0;
  else if (++immediatesInARow <= PIECES_MAX || immediatesInARow % POLLS_PER_MS !== 0) {
    nextImmediate()?.fire();
    return;
  } else if (immediatesInARow < POLLS_MAX && !isDueWithin(1)) {
    clock.now++;
    return;
  }
  const timer = heap.pop();
  if (!timer) return;
  if (timer.atMs > clock.now) clock.now = timer.atMs;
  timer.fire();
}

function isDueWithin(ms: number): boolean {
  const first = heap.first();
  return first !== undefined && first.atMs <= clock.now + ms;
}

function nextImmediate(): Immediate | undefined {
  while (immediatesPassed < immediates.length) {
    const next = immediates[immediatesPassed++];
    if (immediatesPassed === immediates.length) {
      immediates = [];
      immediatesPassed = 0;
    }
    if (next?.isPending()) return next;
  }
  return undefined;
}

export function addImmediate(immediate: Immediate): void {
  immediates.push(immediate);
  immediatesPending++;
}

/** One of the present trial has run or was cleared. */
export function immediateIsOver(): void {
  immediatesPending--;
}

/** Sets a timer `delayMs` from now. */
export function addTimer(delayMs: number, fire: () => void, owner: object): Timer {
  const timer = heap.add(clock.now + delayMs, fire);
  timer.owner = owner;
  return timer;
}

/** Timers of programs that are set, with the ms until they fire, in the order of their firing. */
export function timersOfPrograms(): { owner: object; inMs: number }[] {
  return heap
    .all()
    .flatMap(({ owner, atMs, order }) => (owner ? [{ owner, inMs: atMs - clock.now, order }] : []))
    .sort((a, b) => a.inMs - b.inMs || a.order - b.order);
}

/** Sets a timer again, from now, whether it has fired or not. */
export function setTimerAgain(timer: Timer, delayMs: number): void {
  heap.put(timer, clock.now + delayMs);
}

/** Nothing happens if it has fired, or was cancelled before. */
export function cancelTimer(timer: Timer): void {
  heap.remove(timer);
}

/** A timer of the harness itself: no async context, not to be seen by the chain. */
export function alarm(atMs: number, callback: () => void): Timer {
  return heap.add(startMs + Math.max(Math.trunc(atMs), elapsedMs()), callback);
}

/** Alarms as transports and arrivals set them. */
export const alarms = {
  set: (run: () => void, ms: number): Timer => alarm(elapsedMs() + ms, run),
  clear(timer: unknown): void {
    if (timer !== null) cancelTimer(timer as Timer);
  },
};
