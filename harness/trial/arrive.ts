// Lets calls arrive in time: an open loop by its schedule, whatever becomes of them; a closed loop
// as its users think and wait; canaries beside either.
import type { Timers } from '../network/virtual-response.ts';
import type { Rng } from '../rng.ts';
import { stream } from '../rng.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { openArrivals } from './arrival.ts';
import { canaryDues } from './canary.ts';

export interface ArrivalClock {
  /** ms since the trial's start. */
  now(): number;
  timers: Timers;
}

/** Who comes, and from when on nobody has to any more. `samples`: how many there are. */
export interface Arriving {
  scenario: Scenario;
  samples: number;
  seed: number;
  isEnough(): boolean;
  /** Only so many of them, spread over all of the time, and not those that came before. */
  part?: { calls: number; before: { calls: number; canaries: number } };
}

/** Calls `ask` for every call of a trial at its time, then `end`. */
export function arriveAll(
  clock: ArrivalClock,
  of: Arriving,
  ask: (dueMs: number, canary: boolean) => Promise<void>,
  end: () => void,
): void {
  const { scenario, samples, seed, isEnough, part } = of;
  const { arrival } = scenario;
  let coming = 2;
  const ended = (): void => {
    if (--coming === 0) end();
  };
  const call = (dueMs: number): Promise<void> => ask(dueMs, false);
  if ('users' in arrival)
    arriveClosed(clock, arrival, stream(seed, 'think'), call, ended, isEnough);
  else {
    const dues = openArrivals(arrival, samples, seed);
    const left = part ? fewer(dues, part.calls, part.before.calls) : dues;
    arriveOpen(clock, left, call, ended, isEnough);
  }
  const canaries = canaryDues(scenario, samples);
  const left = part ? fewer(canaries, part.calls, part.before.canaries) : canaries;
  arriveOpen(clock, left, (due) => ask(due, true), ended, isEnough);
}

/** `most` of them, as far apart as they are; without the first `before` of these. */
function fewer(dues: Iterable<number>, most: number, before: number): Iterator<number> {
  const all = [...dues];
  const count = Math.min(most, all.length);
  const chosen = Array.from(
    { length: count },
    (_, i) => all[Math.floor((i * all.length) / count)] ?? 0,
  );
  return chosen.slice(before)[Symbol.iterator]();
}

/** Calls `ask` at every instant of `dues`, then `end`. */
export function arriveOpen(
  { now, timers }: ArrivalClock,
  dues: Iterator<number>,
  ask: (dueMs: number) => void,
  end: () => void,
  isEnough: () => boolean = () => false,
): void {
  const next = (): void => {
    const due = dues.next();
    if (due.done) {
      end();
      return;
    }
    const run = (): void => {
      if (isEnough()) {
        end();
        return;
      }
      ask(due.value);
      next();
    };
    timers.set(run, Math.max(0, due.value - now()));
  };
  next();
}

/** Each user asks, waits for the end of the call, thinks; `end` when the last one has left. */
export function arriveClosed(
  { now, timers }: ArrivalClock,
  loop: { users: number; think: number; for: number },
  pause: Rng,
  ask: (dueMs: number) => Promise<void>,
  end: () => void,
  isEnough: () => boolean = () => false,
): void {
  const { users, think } = loop;
  let left = users;
  const user = (): void => {
    if (now() >= loop.for || isEnough()) {
      if (--left === 0) end();
      return;
    }
    ask(now()).then(() => {
      const thinkMs = think === 0 ? 1 : Math.max(1, Math.round(pause.exponential(think)));
      timers.set(user, thinkMs);
    });
  };
  for (let i = 0; i < users; i++) timers.set(user, 1 + pause.int(Math.max(1, think)));
}
