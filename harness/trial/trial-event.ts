// The first line of a trial's history: what is drilled, and all that judging it needs. And the seed
// behind its randomness.
import type { Chain } from '../chains/chain.ts';
import type { JudgedEvent, TrialEvent } from '../history.ts';
import { mix } from '../rng.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { TwinKind } from '../twin-kind.ts';
import type { AnswerBook } from '../upstream/answer-book.ts';
import type { Targets } from '../upstream/targets.ts';
import { settingOf } from './setting.ts';

/** What a history says of a chain: of a program that nobody looks into, its name alone. */
export type DrilledChain = Pick<Chain, 'name' | 'targets' | 'degradeText' | 'limits'>;

/** What a trial drills. */
export interface Drilled {
  scenario: Scenario;
  chain: DrilledChain;
  primary: string;
  /** From 1. */
  trial: number;
  seed: number;
  twin: TwinKind | null;
  /** What tells the time; virtual time where nothing is said. */
  clockKind?: 'virtual' | 'real';
  book: AnswerBook;
  targets: Targets;
  /** The judge's verdicts, by which `book` grades. */
  judged?: readonly JudgedEvent[];
}

/**
 * The seed of a trial: the same for every chain, so that comparisons share their random numbers.
 */
export function trialSeed(seed: number, scenario: string, trial: number): number {
  return mix(seed, scenario, trial);
}

export function trialEvent(of: Drilled): TrialEvent {
  const { scenario, chain, trial, seed, primary, twin, clockKind = 'virtual' } = of;
  return {
    e: 'trial',
    v: 1,
    scenario: scenario.name,
    description: scenario.description,
    chain: chain.name,
    trial,
    seed,
    clock: clockKind,
    primary,
    ...(chain.targets.length > 0 ? { targets: chain.targets } : {}),
    degradeText: chain.degradeText,
    ...(Object.keys(chain.limits).length > 0 ? { ownLimits: chain.limits } : {}),
    twin,
    setting: settingOf(of),
  };
}
