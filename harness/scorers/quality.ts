// How much worse the answers were than what a healthy primary would have given to the same
// questions. Paired by sample: samples are what varies, calls of one sample are not independent.
import type { CallRecord } from '../outcome/call-record.ts';
import { isShown, scoresOf } from '../scoring/answer-scores.ts';
import type { CriticalCalls } from '../scoring/critical-calls.ts';
import { countCritical, mergeCritical, noCritical } from '../scoring/critical-calls.ts';
import { withReasons } from '../scoring/figures.ts';
import type { SampleSums, Sums } from '../scoring/paired-scores.ts';
import {
  addScores,
  allOf,
  byFamily,
  byServer,
  mergeSums,
  noSums,
  pairedFigures,
} from '../scoring/paired-scores.ts';
import type { Scorer, TrialView } from './scorer.ts';

const noAnswer = 'no answer that was presented as success';
const noScore =
  'no answer has a score: those of recordings hold for their exact words; give the workload checks';

interface Tally {
  samples: Record<string, SampleSums>;
  critical: CriticalCalls;
  /** Answers presented as success of which nothing tells how good they are. */
  unscored: number;
  /** Of the resampling; of several trials the least. */
  seed: number;
}

interface State {
  view: TrialView;
  samples: Map<string, { family: string | null; by: Map<string, Sums> }>;
  critical: CriticalCalls;
  unscored: number;
}

export const quality: Scorer<State, Tally> = {
  name: 'quality',
  start: (view) => ({ view, samples: new Map(), critical: noCritical(), unscored: 0 }),
  call(state, record) {
    const { call } = record;
    const { view, critical } = state;
    const shown = isShown(record);
    const scores = shown ? scoresOf(record) : null;
    if (view.critical(call.sample)) countCritical(critical, record, shown, scores, view.floor);
    if (scores) addScores(sumsOf(state, record), scores);
    else if (shown) state.unscored++;
  },
  end: ({ samples, critical, unscored, view }) => ({
    samples: Object.fromEntries(
      [...samples].map(([sample, { family, by }]) => [
        sample,
        { family, by: Object.fromEntries(by) },
      ]),
    ),
    critical,
    unscored,
    seed: view.trial.seed,
  }),
  merge: (a, b) => ({
    samples: mergeSums(a.samples, b.samples),
    critical: mergeCritical(a.critical, b.critical),
    unscored: a.unscored + b.unscored,
    seed: Math.min(a.seed, b.seed),
  }),
  figures: (tally) => withReasons({ quality: qualityOf(tally) }),
};

function sumsOf({ samples, view }: State, { call, servedBy, outcome }: CallRecord): Sums {
  let sample = samples.get(call.sample);
  if (!sample) {
    sample = { family: view.family(call.sample), by: new Map() };
    samples.set(call.sample, sample);
  }
  // What no target served, the chain had in its cache, or found by itself.
  const server = servedBy?.target ?? (outcome === 'cached' ? 'cache' : 'chain');
  let sums = sample.by.get(server);
  if (!sums) {
    sums = noSums();
    sample.by.set(server, sums);
  }
  return sums;
}

function qualityOf({ samples, critical, unscored, seed }: Tally): Record<string, unknown> {
  const none = unscored === 0 ? noAnswer : noScore;
  const groups = (of: Map<string, Sums[]>, kind: string): Record<string, unknown> =>
    Object.fromEntries(
      [...of].map(([name, sums]) => [
        name,
        pairedFigures(sums, { seed, names: ['quality', kind, name], none }),
      ]),
    );
  return {
    ...pairedFigures(allOf(samples), { seed, names: ['quality'], none }),
    unscored,
    by_family: groups(byFamily(samples), 'family'),
    by_target: groups(byServer(samples), 'target'),
    critical,
  };
}
