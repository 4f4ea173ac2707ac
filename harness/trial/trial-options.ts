// What a trial is run with, and what is left of it beside its history.
import type { Chain } from '../chains/chain.ts';
import type { Recorder } from '../history.ts';
import type { Network } from '../network/network.ts';
import type { LiveProviders } from '../upstream/live.ts';
import type { Wire } from '../wires/wire.ts';
import type { Crashes } from './crashes.ts';
import type { TrialClock } from './trial-clock.ts';
import type { Drilled } from './trial-event.ts';

export interface TrialOptions extends Drilled {
  chain: Chain;
  wires: Wire[];
  network: Pick<Network, 'enter' | 'leave'>;
  /** Tells of errors that nothing in the chain catches; absent where they end the process. */
  crashes?: Crashes;
  clock: TrialClock;
  epochMs: number;
  keys: Record<string, string>;
  record: Recorder;
  /** Tells a watchdog which call ran last, and that the trial lives. */
  beat?(call: number, nowMs: number): void;
  live?: LiveTrial;
}

/** What is different in a trial that asks real providers. */
export interface LiveTrial {
  providers(fail: (error: Error) => void): LiveProviders;
  /** How many calls there are, canaries left out. */
  calls: number;
  /** What an earlier part of the same trial has had; zeros where this is its beginning. */
  before: { calls: number; canaries: number; attempts: number };
  /** Is told how to stop it: no further call comes, those that are open end. */
  started(stop: (by: string) => void): void;
}

export interface TrialResult {
  calls: number;
  attempts: number;
  virtualMs: number;
}

/** What an upstream is told of it. */
export function liveParts(
  { providers, before }: LiveTrial,
  fail: (error: Error) => void,
): { live: LiveProviders; attemptsBefore: number } {
  return { live: providers(fail), attemptsBefore: before.attempts };
}
