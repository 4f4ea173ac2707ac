// How much worse the answers were than what a healthy primary would have given to the same
// questions. Paired by sample: samples are what varies, calls of one sample are not independent.
import type { Outcome } from '../outcome/call-record.ts';
import { presentedAsSuccess } from '../outcome/outcome-kinds.ts';
import { stream } from '../rng.ts';
import type { Cluster } from '../scoring/bootstrap.ts';
import { bootstrap, detectable } from '../scoring/bootstrap.ts';
import { Missing, withReasons } from '../scoring/figures.ts';
import type { Scorer } from './scorer.ts';

/** Scores are summed as whole millionths: sums do not depend on order, and 5% is exactly 5%. */
const millionths = 1e6;

/**
 * Not what the target had said: a score that somebody gave to its answer is none of this text's.
 * Where no check can say better, it is worth nothing.
 */
const damaged: ReadonlySet<Outcome> = new Set([
  'spliced',
  'leaked',
  'truncated',
  'empty',
  'malformed',
] as const);

const noAnswer = 'no answer that was presented as success';
const noScore =
  'no answer has a score: those of recordings hold for their exact words; give the workload checks';

/** Sums over the calls of one sample. */
interface Sums {
  calls: number;
  healthy: number;
  served: number;
}

interface Tally {
  samples: Record<string, Sums>;
  /** Answers presented as success of which nothing tells how good they are. */
  unscored: number;
  /** Of the resampling; of several trials the least. */
  seed: number;
}

interface State {
  samples: Map<string, Sums>;
  unscored: number;
  seed: number;
}

export const quality: Scorer<State, Tally> = {
  name: 'quality',
  start: (view) => ({ samples: new Map(), unscored: 0, seed: view.trial.seed }),
  call(state, { outcome, answer, healthy, call }) {
    const { samples } = state;
    if (!presentedAsSuccess.has(outcome) || !answer) return;
    // What only a judge can tell, and did not, is not worth nothing.
    const worthless = damaged.has(outcome) && !answer.unjudged;
    const score = worthless ? (answer.score ?? 0) : answer.score;
    if (score === null || !healthy || healthy.score === null) {
      state.unscored++;
      return;
    }
    let sums = samples.get(call.sample);
    if (!sums) {
      sums = { calls: 0, healthy: 0, served: 0 };
      samples.set(call.sample, sums);
    }
    sums.calls++;
    sums.healthy += Math.round(healthy.score * millionths);
    sums.served += Math.round(score * millionths);
  },
  end: ({ samples, unscored, seed }) => ({
    samples: Object.fromEntries(samples),
    unscored,
    seed,
  }),
  merge(a, b) {
    const samples = { ...a.samples };
    for (const [sample, sums] of Object.entries(b.samples)) {
      const own = samples[sample];
      samples[sample] = {
        calls: sums.calls + (own?.calls ?? 0),
        healthy: sums.healthy + (own?.healthy ?? 0),
        served: sums.served + (own?.served ?? 0),
      };
    }
    const unscored = a.unscored + b.unscored;
    return { samples, unscored, seed: Math.min(a.seed, b.seed) };
  },
  figures: (tally) => withReasons({ quality: qualityOf(tally) }),
};

/** `mde`: the smallest true drop that these samples would show (5% two-sided, 80% power). */
function qualityOf({ samples, unscored, seed }: Tally): Record<string, unknown> {
  const sums = Object.keys(samples)
    .sort()
    .flatMap((sample) => samples[sample] ?? []);
  const n = sums.length;
  const calls = sum(sums, 'calls');
  if (calls === 0) {
    const none = new Missing(unscored === 0 ? noAnswer : noScore);
    return { baseline: none, served: none, drop: none, ci95: none, n, calls, unscored, mde: none };
  }
  const healthy = sum(sums, 'healthy');
  const served = sum(sums, 'served');
  const whole = calls * millionths;
  const clusters: Cluster[] = sums.map((each) => ({
    difference: each.healthy - each.served,
    calls: each.calls,
  }));
  const one = new Missing('one sample has no interval');
  return {
    baseline: healthy / whole,
    served: served / whole,
    drop: (healthy - served) / whole,
    ci95: n < 2 ? one : bootstrap(clusters, stream(seed, 'quality')).map((m) => m / millionths),
    n,
    calls,
    unscored,
    mde: n < 2 ? one : detectable(clusters) / millionths,
  };
}

function sum(sums: readonly Sums[], key: keyof Sums): number {
  return sums.reduce((total, each) => total + each[key], 0);
}
