// From what every candidate did in every scenario to the ranking. Pairs are the same calls in the
// hands of two chains; docs/statistics.md says what the intervals and the verdicts are worth.

import type { Difference } from '../comparison/difference.ts';
import { differenceOf } from '../comparison/difference.ts';
import type { Weighed } from '../comparison/figures.ts';
import { figureValue } from '../comparison/figures.ts';
import { shownTo } from '../comparison/holm.ts';
import { settled } from '../comparison/settled.ts';
import { stream } from '../rng.ts';
import type { LightScores } from '../run/light-scorers.ts';
import type { Candidate } from './candidate.ts';
import type {
  CompareCandidate,
  CompareCell,
  CompareDifference,
  CompareFigures,
} from './compare-report.ts';
import { dominators } from './pareto.ts';

/** A scenario as every candidate was drilled on it. */
export interface ComparedScenario {
  name: string;
  workload: string;
  /** Of all weights. */
  share: number;
}

export interface Ranking {
  candidates: readonly Candidate[];
  scenarios: readonly ComparedScenario[];
  /** By candidate and scenario, in these orders. */
  scores: readonly (readonly LightScores[])[];
  seed: number;
  /** The name of a candidate's file as reports show it. */
  shown(file: string): string;
  /** The commands behind a cell. */
  again(file: string, scenario: string): string;
  replay(file: string, scenario: string, at: { trial: number; call: number }): string;
}

/** The first candidate is the current chain. The highest goodput comes first. */
export function ranked(of: Ranking): CompareCandidate[] {
  const { candidates } = of;
  const scores = of.scores.map((cells) =>
    cells.map((cell, at) => rebased(cell, of.scores[0]?.[at])),
  );
  const weighed = scores.map((cells) => weighedCells(of, cells));
  const differences = weighed.map((cells, at) =>
    at === 0 ? null : against(of, weighed[0], cells),
  );
  const tested = differences.flatMap((found, at) =>
    found?.test ? [{ at, test: found.test }] : [],
  );
  const shown = shownTo(tested.map(({ test }) => test));
  const isShown = new Set(tested.filter((_, index) => shown[index]).map(({ at }) => at));
  const figures = weighed.map((cells, at) => figuresOf(cells, scores[at] ?? []));
  const beaten = dominators(figures);
  const rows = candidates.map((candidate, at): CompareCandidate => {
    const cells = of.scenarios.map((_, index) => cellOf({ ...of, scores }, at, index));
    const difference = differences[at] ?? null;
    const by = beaten[at] ?? null;
    return {
      rank: 0,
      name: candidate.name,
      file: of.shown(candidate.file),
      current: at === 0,
      ...(figures[at] ?? figuresOf([], [])),
      difference: difference && told(difference),
      verdict: at === 0 ? 'current' : verdictOf(difference, isShown.has(at)),
      pareto: by === null,
      dominated_by: by === null ? null : (candidates[by]?.name ?? null),
      worst: worstOf(cells),
      violated: [...new Set(cells.flatMap(({ violated }) => violated.map(({ id }) => id)))].sort(),
      cells,
    };
  });
  const order = rows.toSorted((a, b) => (b.goodput ?? -1) - (a.goodput ?? -1));
  return order.map((row) => ({
    ...row,
    rank: 1 + order.findIndex(({ goodput }) => goodput === row.goodput),
  }));
}

/**
 * A drop is measured against the healthy primary; chains with different ones are only comparable
 * against the same: the current chain's.
 */
function rebased(cell: LightScores, current: LightScores | undefined): LightScores {
  const entries = Object.entries(cell.samples).map(([sample, sums]) => {
    const base = current?.samples[sample];
    if (!base || base.shown === 0) return [sample, sums] as const;
    const healthy = Math.round((base.healthy * sums.shown) / base.shown);
    return [sample, { ...sums, healthy }] as const;
  });
  return { ...cell, samples: Object.fromEntries(entries) };
}

function weighedCells({ scenarios }: Ranking, cells: readonly LightScores[]): Weighed[] {
  return scenarios.map(({ workload, share }, at) => ({
    weight: share,
    world: workload,
    sums: cells[at]?.samples ?? {},
  }));
}

function against(
  { seed }: Ranking,
  current: readonly Weighed[] | undefined,
  cells: readonly Weighed[],
  names: readonly string[] = [],
): Difference {
  const pairs = cells.flatMap((to, at) => {
    const from = current?.[at];
    return from ? [{ from, to }] : [];
  });
  // The same draws for every candidate: two that did the same are told the same.
  return differenceOf('goodput', pairs, () => stream(seed, 'compare', ...names));
}

function told({ difference, ci95, n }: Difference): CompareDifference {
  return {
    goodput: settled(difference),
    ci95: ci95 && [settled(ci95[0]), settled(ci95[1])],
    n,
  };
}

function verdictOf(found: Difference | null, isShown: boolean): CompareCandidate['verdict'] {
  if (!isShown) return 'no-difference-seen';
  return (found?.difference ?? 0) > 0 ? 'better' : 'worse';
}

function figuresOf(cells: readonly Weighed[], scores: readonly LightScores[]): CompareFigures {
  const priced = scores.every(({ unpriced }) => unpriced.length === 0);
  const value = (...of: Parameters<typeof figureValue>): number | null =>
    settled(figureValue(...of));
  return {
    goodput: value('goodput', cells),
    availability: value('availability', cells),
    latency_ms: { p95: value('latency_ms.p95', cells) },
    quality: { drop: value('quality.drop', cells) },
    attempts_per_call: { mean: value('attempts_per_call.mean', cells) },
    cost_per_call_usd: priced ? value('cost_per_call_usd', cells) : null,
  };
}

function cellOf(of: Ranking, candidate: number, index: number): CompareCell {
  const scenario = of.scenarios[index];
  const scores = of.scores[candidate]?.[index];
  const file = of.candidates[candidate]?.file;
  if (!scenario || !scores || file === undefined) throw new Error('a cell that was not drilled');
  const { name, workload } = scenario;
  const alone = ({ samples }: LightScores): Weighed[] => [
    { weight: 1, world: workload, sums: samples },
  ];
  const current = of.scores[0]?.[index];
  const worst = scores.cases.goodput ?? { trial: 1, call: 1 };
  const violated = Object.entries(scores.invariants).filter(
    ([, { status }]) => status === 'violated',
  );
  return {
    scenario: name,
    ...figuresOf(alone(scores), [scores]),
    difference:
      candidate === 0 || !current ? null : told(against(of, alone(current), alone(scores), [name])),
    violated: violated.map(([id, { violations, first }]) => ({
      id,
      violations,
      replay: of.replay(file, name, { trial: first?.trial ?? 1, call: first?.call ?? 1 }),
    })),
    calls: Object.values(scores.samples).reduce((sum, one) => sum + one.calls + one.aborted, 0),
    again: of.again(file, name),
    replay: of.replay(file, name, worst),
  };
}

function worstOf(cells: readonly CompareCell[]): CompareCandidate['worst'] {
  const [first] = cells.toSorted((a, b) => (a.goodput ?? 2) - (b.goodput ?? 2));
  if (!first) throw new Error('a candidate without a scenario');
  return { scenario: first.scenario, goodput: first.goodput, replay: first.replay };
}
