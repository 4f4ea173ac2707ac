// Time as it is on the wall: Node's own functions, as they were before anybody could replace them.
// Whoever needs the wall imports this file before virtual time is installed. A leaf.
import * as timers from 'node:timers';

/** `timers` itself is a live view. */
export const nodeTimers = {
  setTimeout: timers.setTimeout,
  clearTimeout: timers.clearTimeout,
  setInterval: timers.setInterval,
  clearInterval: timers.clearInterval,
  setImmediate: timers.setImmediate,
  clearImmediate: timers.clearImmediate,
};

/** Wall time, whatever is installed: for progress, watchdogs and benchmarks only. */
export const wall = { nowMs: performance.now.bind(performance), ...nodeTimers };
