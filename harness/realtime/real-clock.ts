// The wall as a trial's clock: for chains in other processes, whose time nobody can move.
import { wall } from '../clock/wall.ts';
import type { TrialClock } from '../trial/trial-clock.ts';

/** Often enough that no figure of a call is off by what a person would see. */
const lookEveryMs = 5;

/** `drive` rejects with the signal's reason where it aborts. `fromMs`: what it shows at first. */
export function realClock(signal: AbortSignal, fromMs = 0): TrialClock {
  let start = wall.nowMs() - fromMs;
  const now = (): number => Math.round(wall.nowMs() - start);
  return {
    now,
    begin() {
      start = wall.nowMs() - fromMs;
    },
    timers: {
      set: (run, ms) => wall.setTimeout(run, ms),
      clear: (id) => wall.clearTimeout(id as NodeJS.Timeout),
    },
    async drive({ isDone, untilMs, onBeat }) {
      while (!isDone()) {
        signal.throwIfAborted();
        if (now() >= untilMs()) return { end: 'horizon' };
        onBeat?.();
        await new Promise((resolve) => wall.setTimeout(resolve, lookEveryMs));
      }
      return { end: 'done' };
    },
  };
}
