// The sums of a run's calls by sample, from its history: what the gate compares is what the reports
// were made of.
import type { CallSumsTally } from '../comparison/call-sums.ts';
import { callSums } from '../comparison/call-sums.ts';
import { readHistory } from '../run/history-file.ts';
import type { Scoring } from '../scoring/score.ts';
import { createScoring } from '../scoring/score.ts';
import { viewOf } from '../trial/setting.ts';

/** By scenario; trials are pooled, twins left out. */
export function sumsInHistory(file: string): Map<string, CallSumsTally> {
  const found = new Map<string, CallSumsTally>();
  let open: { scenario: string; scoring: Scoring } | null = null;
  for (const event of readHistory(file)) {
    if (event.e === 'trial') {
      const scorers = { [callSums.name]: callSums };
      open =
        event.twin === null
          ? { scenario: event.scenario, scoring: createScoring(viewOf(event), scorers) }
          : null;
    }
    open?.scoring.event(event);
    if (event.e !== 'close' || !open) continue;
    const tally = open.scoring.end()[callSums.name] as CallSumsTally;
    const known = found.get(open.scenario);
    found.set(open.scenario, known ? callSums.merge(known, tally) : tally);
    open = null;
  }
  return found;
}
