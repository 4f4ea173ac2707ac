// Pairs of equally good chains, one of which then loses answers: data for the power of comparisons.
// The scores are real where somebody graded real answers, those of the shipped workload, or drawn.
import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { grade } from '../../harness/checks/grade.ts';
import type { Rng } from '../../harness/rng.ts';
import type { Cluster } from '../../harness/scoring/cluster.ts';
import { loadYamlWorkload } from '../../harness/workloads/yaml-workload.ts';
import { worlds } from '../../test/scoring/simulated.ts';

const root = resolve(import.meta.dirname, '../..');
const folder = resolve(process.env.FIREDRILL_DATA ?? resolve(root, '../shared'), 'ifeval/grades');

export interface Planted {
  what: string;
  /** Both give the same answers: without losses there is nothing to compare. */
  same: boolean;
  /** `lost`: the share of answers that are worth nothing instead. */
  draw(rng: Rng, n: number, lost: number): Cluster[];
  /** The true drop for it. */
  drop(lost: number): number;
  /** Where more cannot be planted. */
  most: number;
}

type Pair = readonly [first: number, second: number];

/** Share of instructions followed, by prompt, in one order for all models. */
function grades(model: string): number[] {
  const lines = readFileSync(resolve(folder, `${model}.jsonl`), 'utf8')
    .trim()
    .split('\n');
  return lines.map((line) => {
    const strict = JSON.parse(line).strict as boolean[];
    return strict.filter(Boolean).length / strict.length;
  });
}

function ifevalPairs(): Pair[] {
  const [first, second] = [grades('gpt-4o-2024-08-06'), grades('claude-3-5-sonnet-20240620')];
  return first.map((score, i) => [score, second[i] ?? Number.NaN]);
}

/** What the checks say of the shipped answers of the first two targets. */
function shippedPairs(): Pair[] {
  const file = resolve(root, 'fixtures/workloads/support-desk.yaml');
  const { samples, recordings } = loadYamlWorkload(file);
  return samples.map(({ id, checks }): Pair => {
    const score = (target: string): number => {
      const recording = recordings.find((one) => one.sample === id && one.target === target);
      const text = recording && 'text' in recording ? recording.text : '';
      return grade(checks, text).score;
    };
    return [score('openai/gpt-4o'), score('anthropic/claude-3-5-sonnet-latest')];
  });
}

/** Each sample's two scores change places by chance: then both chains are equally good. */
function ofPairs(name: string, pairs: readonly Pair[]): Planted[] {
  const mean = pairs.reduce((sum, [a, b]) => sum + (a + b) / 2, 0) / pairs.length;
  const pick = (rng: Rng, lost: number, same: boolean): Cluster => {
    const [a, b] = pairs[rng.int(pairs.length)] ?? [0, 0];
    const [healthy, served] = rng.next() < 0.5 ? [a, b] : [b, a];
    const shown = rng.next() < lost ? 0 : same ? healthy : served;
    return { difference: healthy - shown, calls: 1 };
  };
  const planted = (what: string, same: boolean): Planted => ({
    what,
    same,
    draw: (rng, n, lost) => Array.from({ length: n }, () => pick(rng, lost, same)),
    drop: (lost) => lost * mean,
    most: 0.95,
  });
  return [
    planted(`${name}: same answers, some lost`, true),
    planted(`${name}: another model's, some lost`, false),
  ];
}

const even: Planted = {
  what: 'simulated: a little everywhere',
  same: false,
  draw: (rng, n, lost) =>
    Array.from({ length: n }, () => ({
      difference: lost + 0.3 * (rng.next() + rng.next() - 1),
      calls: 1,
    })),
  drop: (lost) => lost,
  most: 0.6,
};

/** 30% of the calls get the other answer, which is worth 0.7 less for some samples. */
const drill: Planted = {
  what: 'simulated: a drill, 30% of calls other',
  same: false,
  draw: (rng, n, lost) =>
    worlds.drill.draw(rng, n).map(({ calls, other = calls }) => {
      const noise = rng.next() < 0.1 ? (rng.next() < 0.5 ? 0.5 : -0.5) : 0;
      const each = rng.next() < lost ? 0.7 : noise;
      return { difference: other * each, calls, other };
    }),
  drop: (lost) => lost * 0.3 * 0.7,
  most: 0.95,
};

export function allPlanted(): Planted[] {
  const real = existsSync(folder) ? ofPairs('IFEval', ifevalPairs()) : [];
  return [...real, ...ofPairs('support-desk', shippedPairs()), even, drill];
}
