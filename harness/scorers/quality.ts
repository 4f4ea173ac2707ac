// How much worse the answers were than what a healthy primary would have given to the same
// questions. Paired by sample: samples are what varies, calls of one sample are not independent.
import { presentedAsSuccess } from '../outcome/outcome-kinds.ts';
import { stream } from '../rng.ts';
import type { Cluster } from '../scoring/bootstrap.ts';
import { bootstrap, detectable } from '../scoring/bootstrap.ts';
import { Missing, withReasons } from '../scoring/figures.ts';
import type { Scorer } from './scorer.ts';

/** Scores are summed as whole millionths: sums do not depend on order, and 5% is exactly 5%. */
const millionths = 1e6;

/** Sums over the calls of one sample. */
interface Sums {
  calls: number;
  healthy: number;
  served: number;
}

interface Tally {
  samples: Record<string, Sums>;
  /** Of the resampling; of several trials the least. */
  seed: number;
}

interface State {
  samples: Map<string, Sums>;
  seed: number;
}

export const quality: Scorer<State, Tally> = {
  name: 'quality',
  start: (view) => ({ samples: new Map(), seed: view.trial.seed }),
  call({ samples }, { outcome, answer, healthy, call }) {
    if (!presentedAsSuccess.has(outcome) || !answer || !healthy || healthy.score === null) return;
    const score = outcome === 'empty' ? 0 : answer.score;
    if (score === null) return;
    let sums = samples.get(call.sample);
    if (!sums) {
      sums = { calls: 0, healthy: 0, served: 0 };
      samples.set(call.sample, sums);
    }
    sums.calls++;
    sums.healthy += Math.round(healthy.score * millionths);
    sums.served += Math.round(score * millionths);
  },
  end: ({ samples, seed }) => ({ samples: Object.fromEntries(samples), seed }),
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
    return { samples, seed: Math.min(a.seed, b.seed) };
  },
  figures: ({ samples, seed }) => withReasons({ quality: qualityOf(samples, seed) }),
};

/** `mde`: the smallest true drop that these samples would show (5% two-sided, 80% power). */
function qualityOf(samples: Record<string, Sums>, seed: number): Record<string, unknown> {
  const sums = Object.keys(samples)
    .sort()
    .flatMap((sample) => samples[sample] ?? []);
  const n = sums.length;
  const calls = sum(sums, 'calls');
  if (calls === 0) {
    const none = new Missing('no scored answer that was presented as success');
    return { baseline: none, served: none, drop: none, ci95: none, n, calls, mde: none };
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
    mde: n < 2 ? one : detectable(clusters) / millionths,
  };
}

function sum(sums: readonly Sums[], key: keyof Sums): number {
  return sums.reduce((total, each) => total + each[key], 0);
}
