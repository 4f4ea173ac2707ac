// The sums of a run's calls by sample, from its history: what the gate compares is what the reports
// were made of.
import type { CallSumsTally } from '../comparison/call-sums.ts';
import { callSums } from '../comparison/call-sums.ts';
import { scoresIn } from '../run/scores-in.ts';

/** By scenario; trials are pooled, twins left out. */
export function sumsInHistory(file: string): Map<string, CallSumsTally> {
  const found = new Map<string, CallSumsTally>();
  const scorers = { [callSums.name]: callSums };
  for (const { trial, tallies } of scoresIn(file, ({ twin }) => twin === null, scorers)) {
    const tally = tallies[callSums.name] as CallSumsTally;
    const known = found.get(trial.scenario);
    found.set(trial.scenario, known ? callSums.merge(known, tally) : tally);
  }
  return found;
}
