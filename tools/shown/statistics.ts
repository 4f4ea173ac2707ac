// What docs/statistics.md says, measured: how often intervals cover, how often equal chains are
// called worse, how often a planted drop is seen, beside the drop that was said to be detectable.
// Arguments: trials for the coverage (1000; 0 leaves it out), seeds for the power (200). Real
// grades need the outside data (FIREDRILL_DATA).
import type { Rng } from '../../harness/rng.ts';
import { stream } from '../../harness/rng.ts';
import type { Cluster, Interval } from '../../harness/scoring/cluster.ts';
import { meanDifference } from '../../harness/scoring/cluster.ts';
import type { Comparison } from '../../harness/scoring/compare.ts';
import { comparePaired } from '../../harness/scoring/compare.ts';
import { detectable } from '../../harness/scoring/detectable.ts';
import { wilson } from '../../harness/scoring/wilson.ts';
import { coverage, worlds } from '../../test/scoring/simulated.ts';
import type { Planted } from './planted-drops.ts';
import { allPlanted } from './planted-drops.ts';

const trials = Number(process.argv[2] ?? 1_000);
const seeds = Number(process.argv[3] ?? 200);
/** 36: the shipped workload support-desk. 361: the graded prompts of IFEval. */
const sizes = [6, 12, 20, 36, 60, 90, 361];

let held = true;
const percent = (share: number): string => `${(100 * share).toFixed(1)}`.padStart(6);
const label = (text: string): string => text.padEnd(44);

function expect(condition: boolean, what: string): void {
  if (condition) return;
  held = false;
  console.log(`  NOT HELD: ${what}`);
}

type MakeInterval = (clusters: readonly Cluster[], rng: Rng, resamples: number) => Interval;

const printed: MakeInterval = (clusters, rng, resamples) =>
  comparePaired(clusters, rng, resamples).ci95 ?? [Number.NaN, Number.NaN];

/** What most tools print: the same draws, cut at 2.5% and 97.5%. */
function plainPercentiles(
  clusters: readonly Cluster[],
  rng: Rng,
  resamples: number,
): [number, number] {
  const means = Array.from({ length: resamples }, () => {
    let difference = 0;
    let calls = 0;
    for (let i = 0; i < clusters.length; i++) {
      const drawn = clusters[rng.int(clusters.length)];
      difference += drawn?.difference ?? 0;
      calls += drawn?.calls ?? 0;
    }
    return difference / calls;
  }).sort((a, b) => a - b);
  const at = (share: number): number => means[Math.ceil(share * resamples) - 1] ?? Number.NaN;
  return [at(0.025), at(0.975)];
}

function showCoverage(): void {
  // Three standard errors of so many trials: with 1,000 of them 92.9%.
  const least = 0.95 - 3 * Math.sqrt((0.95 * 0.05) / trials);
  console.log(`\nCoverage of the 95% interval, ${trials} trials each; plain percentiles below it`);
  console.log(`${label('n')}${sizes.map((n) => String(n).padStart(7)).join('')}`);
  for (const [name, world] of Object.entries(worlds)) {
    const rows: [string, MakeInterval, number][] = [
      [world.what, printed, 1_000],
      ['', plainPercentiles, 400],
    ];
    for (const [what, interval, resamples] of rows) {
      const cells = sizes.map((n) => {
        const { covered } = coverage(
          world,
          n,
          trials,
          (clusters, trial) => interval(clusters, stream(trial, 'draws'), resamples),
          (trial) => stream(trial, name, n),
        );
        if (interval === printed)
          expect(covered >= least, `${what}, n ${n}: at least ${percent(least).trim()}%`);
        return percent(covered);
      });
      console.log(`${label(what)}${cells.map((cell) => cell.padStart(7)).join('')}`);
    }
  }
}

function compareAll(planted: Planted, n: number, lost: number, times: number): Comparison[] {
  return Array.from({ length: times }, (_, seed) =>
    comparePaired(planted.draw(stream(seed, 'planted', n), n, lost), stream(seed, 'compare')),
  );
}

const share = (all: Comparison[], verdict: Comparison['verdict']): number =>
  all.filter((each) => each.verdict === verdict).length / all.length;
const meanOf = (values: number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

function showFalseAlarms(all: Planted[]): void {
  console.log('\nEqual chains, 1000 comparisons: percent called worse and better');
  // The same answers are no comparison: there is nothing to be mistaken about.
  for (const planted of all.filter(({ same }) => !same)) {
    for (const n of [12, 36, 361]) {
      const found = compareAll(planted, n, 0, 1_000);
      const worse = share(found, 'worse');
      const row = `${percent(worse)} worse ${percent(share(found, 'better'))} better`;
      console.log(`${label(planted.what)} n ${String(n).padStart(3)} ${row}`);
      expect(worse <= 0.05, 'at most 5%');
    }
  }
}

function showPower(all: Planted[]): void {
  console.log(`\nPlanted drops, ${seeds} seeds: percent called worse, beside the printed mde`);
  for (const planted of all) {
    for (const n of [36, 361]) {
      for (const drop of [0.03, 0.1]) {
        const found = compareAll(planted, n, drop / planted.drop(1), seeds);
        const mde = meanOf(found.map((each) => each.mde ?? 0));
        const row = `drop ${percent(drop)} seen ${percent(share(found, 'worse'))} mde ${percent(mde)}`;
        console.log(`${label(planted.what)} n ${String(n).padStart(3)} ${row}`);
      }
    }
  }
}

/** The loss at which the true drop is what is printed as detectable, and how often it is seen. */
function showDetectable(all: Planted[]): void {
  console.log(`\nA true drop equal to the printed mde, ${2 * seeds} seeds: how often it is seen`);
  for (const planted of all) {
    for (const n of [12, 36, 361]) {
      let [low, high] = [0, planted.most];
      for (let step = 0; step < 10; step++) {
        const lost = (low + high) / 2;
        const drawn = Array.from({ length: 150 }, (_, i) =>
          planted.draw(stream(i, 'mde', n, step), n, lost),
        );
        if (meanOf(drawn.map(meanDifference)) < meanOf(drawn.map(detectable))) low = lost;
        else high = lost;
      }
      const found = compareAll(planted, n, low, 2 * seeds);
      const seen = share(found, 'worse');
      const mde = meanOf(found.map((each) => each.mde ?? 0));
      console.log(
        `${label(planted.what)} n ${String(n).padStart(3)} mde ${percent(mde)} seen ${percent(seen)}`,
      );
      expect(seen >= 0.68 && seen <= 0.93, 'about 80%');
    }
  }
}

/** Exactly, by the binomial distribution. */
function showWilson(): void {
  console.log('\nCoverage of the Wilson interval, exact, over shares from 50% to 99.9%');
  for (const whole of [20, 100, 1_000, 10_000]) {
    const shares = Array.from({ length: 500 }, (_, i) => 0.5 + 0.4995 * (i / 500));
    const each = shares.map((true_) => wilsonCoverage(true_, whole));
    console.log(
      `n ${String(whole).padStart(5)}  mean ${percent(meanOf(each))}  least ${percent(Math.min(...each))}`,
    );
    expect(meanOf(each) >= 0.94, 'at least 94% on average');
  }
}

function wilsonCoverage(chance: number, whole: number): number {
  let covered = 0;
  let log = whole * Math.log(1 - chance);
  for (let part = 0; part <= whole; part++) {
    const [low, high] = wilson(part, whole);
    if (low <= chance && chance <= high) covered += Math.exp(log);
    log += Math.log((whole - part) / (part + 1)) + Math.log(chance / (1 - chance));
  }
  return covered;
}

const all = allPlanted();
showFalseAlarms(all);
showPower(all);
showDetectable(all);
showWilson();
if (trials > 0) showCoverage();
process.exitCode = held ? 0 : 1;
