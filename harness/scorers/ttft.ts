// How long callers waited for the first character, from the scheduled arrival, over calls that got
// one. What a chain had to wait for before it could answer is in failover.ts.
import { withReasons } from '../scoring/figures.ts';
import type { Counts, CountsTally } from '../scoring/histogram.ts';
import { count, createCounts, mergeCounts, percentiles, tallyOf } from '../scoring/histogram.ts';
import type { Scorer } from './scorer.ts';

export const ttft: Scorer<Counts, CountsTally> = {
  name: 'ttft',
  start: createCounts,
  call(state, { outcome, answer, call }) {
    if (outcome === 'aborted' || !answer || answer.first === null) return;
    count(state, answer.first - call.due);
  },
  end: tallyOf,
  merge: mergeCounts,
  figures: (tally) =>
    withReasons({
      ttft_ms: percentiles(tally, { p50: 50, p95: 95, p99: 99 }, 'no call got a first character'),
    }),
};
