// How long callers waited for the end of what they got, from the scheduled arrival (so that a late
// runner hides nothing). Hung calls are longer than every other.
import { withReasons } from '../scoring/figures.ts';
import type { Counts, CountsTally } from '../scoring/histogram.ts';
import {
  count,
  createCounts,
  longest,
  mergeCounts,
  percentiles,
  tallyOf,
} from '../scoring/histogram.ts';
import type { Scorer } from './scorer.ts';

const noCalls = 'no calls but aborted ones';

export const latency: Scorer<Counts, CountsTally> = {
  name: 'latency',
  start: createCounts,
  call(state, { outcome, answer, call }) {
    if (outcome === 'aborted') return;
    if (outcome === 'hung' || !answer) state.beyond++;
    else count(state, answer.t - call.due);
  },
  end: tallyOf,
  merge: mergeCounts,
  figures: (tally) =>
    withReasons({
      latency_ms: {
        ...percentiles(tally, { p50: 50, p95: 95, p99: 99 }, noCalls),
        max: longest(tally, noCalls),
      },
    }),
};
