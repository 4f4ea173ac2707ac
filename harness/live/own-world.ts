// In place of virtual time and seeded randomness, where a chain lives in the world as it is.
import type { VirtualTime } from '../clock/clock.ts';
import type { SeededRandom } from '../clock/random-globals.ts';
import { wall } from '../clock/wall.ts';

/** Nothing has to be moved: whoever waits for it looks again by itself. */
export const wallTime: VirtualTime = {
  now: () => Math.round(wall.nowMs()),
  drive: async () => ({ end: 'done' }),
  uninstall: () => ({ timersLeft: 0 }),
  timersSet: () => 0,
};

/** Whoever is asked must not see the same random ids in every run. */
export const ownRandom: SeededRandom = {
  reseed: () => {},
  uninstall: () => {},
};
