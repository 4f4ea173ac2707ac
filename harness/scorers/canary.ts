// How the healthy calls fared that were asked beside the others: a chain that spins, blocks or
// queues behind its stalled calls shows here, and nowhere else.
import { usable } from '../outcome/outcome-kinds.ts';
import { ratio, withReasons } from '../scoring/figures.ts';
import type { Counts, CountsTally } from '../scoring/histogram.ts';
import { count, createCounts, mergeCounts, percentiles, tallyOf } from '../scoring/histogram.ts';
import type { Scorer } from './scorer.ts';

interface State {
  calls: number;
  usable: number;
  latency: Counts;
}

interface Tally {
  calls: number;
  usable: number;
  latency: CountsTally;
}

export const canary: Scorer<State, Tally> = {
  name: 'canary',
  canaries: true,
  start: () => ({ calls: 0, usable: 0, latency: createCounts() }),
  call(state, { call, outcome, answer }) {
    state.calls++;
    if (usable.has(outcome)) state.usable++;
    if (answer) count(state.latency, answer.t - call.due);
    else state.latency.beyond++;
  },
  end: ({ calls, usable, latency }) => ({ calls, usable, latency: tallyOf(latency) }),
  merge: (a, b) => ({
    calls: a.calls + b.calls,
    usable: a.usable + b.usable,
    latency: mergeCounts(a.latency, b.latency),
  }),
  /** Nothing where the scenario has none. */
  figures({ calls, usable, latency }) {
    if (calls === 0) return withReasons({});
    const none = 'no canary call';
    return withReasons({
      canary: {
        calls,
        usable,
        availability: ratio(usable, calls, none),
        latency_ms: percentiles(latency, { p50: 50, p95: 95 }, none),
      },
    });
  },
};
