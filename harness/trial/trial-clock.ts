// The clock as a trial needs it; virtual time has it, and so has real time.
import type { Ending } from '../clock/clock.ts';
import type { SetTimer } from '../clock/virtual-timers.ts';
import type { Timers } from '../network/virtual-response.ts';

export interface TrialClock {
  /** ms since the trial's start. */
  now(): number;
  /** Time counts from here: what starting a chain takes is none of it. Absent: it takes none. */
  begin?(): void;
  timers: Timers;
  /** What the chain has set; absent where nobody knows. */
  setTimers?(): SetTimer[];
  drive(options: { isDone(): boolean; untilMs: () => number; onBeat?(): void }): Promise<Ending>;
}
