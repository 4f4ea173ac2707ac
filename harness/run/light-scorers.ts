// What a comparison needs of a trial, and no more: sums of its calls, and which invariants it
// broke.
import type { CallSumsTally } from '../comparison/call-sums.ts';
import { callSums } from '../comparison/call-sums.ts';
import type { InvariantReport, InvariantTallies } from '../scoring/judge-invariants.ts';
import { judgeInvariants, reportInvariants } from '../scoring/judge-invariants.ts';
import type { Scorers, Tallies } from '../scoring/score.ts';
import { mergeTallies } from '../scoring/score.ts';

export const lightScorers: Scorers = {
  [callSums.name]: callSums,
  [judgeInvariants.name]: judgeInvariants,
};

export interface LightScores extends CallSumsTally {
  invariants: Record<string, InvariantReport>;
}

/** Of all trials of a scenario, in their order. */
export function lightScoresOf(trials: readonly Tallies[]): LightScores {
  const all = trials.reduce((sum, tallies) => mergeTallies(lightScorers, sum, tallies));
  return {
    ...(all[callSums.name] as CallSumsTally),
    invariants: reportInvariants(all[judgeInvariants.name] as InvariantTallies),
  };
}
