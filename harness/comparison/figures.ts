// The figures that chains are compared by, of sums by sample: over one scenario, or over several by
// their weights.
import type { CallSums, SumsBySample } from './call-sums.ts';
import type { ComparedFigure } from './cases.ts';
import type { Timed } from './paired-p95.ts';
import { p95Of } from './paired-p95.ts';

export type MeanFigure = Exclude<ComparedFigure, 'latency_ms.p95'>;

interface Mean {
  better: 'higher' | 'lower';
  part(sums: CallSums): number;
  whole(sums: CallSums): number;
}

export const means: Readonly<Record<MeanFigure, Mean>> = {
  goodput: { better: 'higher', part: ({ good }) => good, whole: ({ scored }) => scored },
  availability: { better: 'higher', part: ({ usable }) => usable, whole: ({ calls }) => calls },
  'quality.drop': {
    better: 'lower',
    part: ({ healthy, served }) => (healthy - served) / 1e6,
    whole: ({ shown }) => shown,
  },
  'attempts_per_call.mean': {
    better: 'lower',
    part: ({ attempts }) => attempts,
    whole: ({ calls }) => calls,
  },
  cost_per_call_usd: {
    better: 'lower',
    part: ({ micros }) => micros / 1e6,
    whole: ({ calls, aborted }) => calls + aborted,
  },
};

/** What a chain did in one scenario. `world`: where it is the same, so are samples of a name. */
export interface Weighed {
  weight: number;
  world: string;
  sums: SumsBySample;
}

/** Null where no call says anything; a percentile that falls on a hung call is infinite. */
export function figureValue(figure: ComparedFigure, cells: readonly Weighed[]): number | null {
  if (figure === 'latency_ms.p95') return p95Of(timed(cells));
  const { part, whole } = means[figure];
  let value = 0;
  let weights = 0;
  for (const { weight, sums } of cells) {
    let [above, below] = [0, 0];
    for (const each of Object.values(sums)) {
      above += part(each);
      below += whole(each);
    }
    if (below === 0) continue;
    value += (weight * above) / below;
    weights += weight;
  }
  return weights === 0 ? null : value / weights;
}

export function betterOf(figure: ComparedFigure): 'higher' | 'lower' {
  return figure === 'latency_ms.p95' ? 'lower' : means[figure].better;
}

/** Durations by sample, each call with its share of its scenario's weight. */
export function timed(cells: readonly Weighed[]): Timed[] {
  return cells.flatMap(({ weight, world, sums }) => {
    const calls = Object.values(sums).reduce((sum, one) => sum + one.calls, 0);
    if (calls === 0) return [];
    return Object.entries(sums).map(([sample, { latency_ms, hung }]) => ({
      cluster: `${world} ${sample}`,
      ms: latency_ms,
      hung,
      weight: weight / calls,
    }));
  });
}
