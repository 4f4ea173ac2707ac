// Paired differences whose true mean is known: samples drawn as drills see them, mostly equal,
// some a little worse, few lost. For tests of the statistics and for tools/shown/statistics.ts.
import type { Rng } from '../../harness/rng.ts';
import type { Cluster } from '../../harness/scoring/cluster.ts';

export interface World {
  what: string;
  truth: number;
  draw(rng: Rng, n: number): Cluster[];
}

/** One call a sample. */
function single(what: string, truth: number, difference: (rng: Rng) => number): World {
  const one = (rng: Rng): Cluster => ({ difference: difference(rng), calls: 1 });
  return { what, truth, draw: (rng, n) => Array.from({ length: n }, () => one(rng)) };
}

/** Several calls a sample, of which some get the other answer, which is always the same one. */
function many(
  what: string,
  { share, meanLoss }: { share: number; meanLoss: number },
  callsOf: (rng: Rng) => number,
  loss: (rng: Rng) => number,
): World {
  const one = (rng: Rng): Cluster => {
    const calls = callsOf(rng);
    const each = loss(rng);
    let other = 0;
    for (let call = 0; call < calls; call++) if (rng.next() < share) other++;
    return { difference: other * each, calls, other };
  };
  const truth = share * meanLoss;
  return { what, truth, draw: (rng, n) => Array.from({ length: n }, () => one(rng)) };
}

/** As checks score: 0, half or all. */
function level(rng: Rng): number {
  const u = rng.next();
  if (u < 0.1) return 0;
  return u < 0.3 ? 0.5 : 1;
}

export const levelMean = 0.2 * 0.5 + 0.7;

function rare(share: number): World {
  return single(`whole losses, ${100 * share}% of samples`, share, (rng) =>
    rng.next() < share ? 1 : 0,
  );
}

function someLost(rng: Rng): number {
  if (rng.next() >= 0.35) return 0;
  const u = rng.next();
  if (u < 0.4) return 1;
  return u < 0.82 ? 0.5 : -0.5;
}

const someLostMean = 0.35 * (0.4 + 0.42 * 0.5 - 0.18 * 0.5);

export const worlds = {
  even: single('even, 5 points', 0.05, (rng) => 0.05 + 0.6 * (rng.next() + rng.next() - 1)),
  equal: single('scores 0, 0.5, 1; equal', 0, (rng) => level(rng) - level(rng)),
  skewed: single('scores 0, 0.5, 1; a fifth lose', 0.2 * 0.75 * levelMean, (rng) => {
    const score = level(rng);
    if (rng.next() >= 0.2) return 0;
    return rng.next() < 0.5 ? score : score / 2;
  }),
  mixed: single('fractions; few whole losses', 0.17 * 0.35 + 0.03, (rng) => {
    const u = rng.next();
    if (u < 0.8) return 0;
    return u < 0.97 ? 0.2 + 0.3 * rng.next() : 1;
  }),
  rare1: rare(0.01),
  rare2: rare(0.02),
  rare5: rare(0.05),
  rare10: rare(0.1),
  bothWays: single('5% lose all, 5% win all', 0, (rng) => {
    const u = rng.next();
    if (u < 0.05) return 1;
    return u < 0.1 ? -1 : 0;
  }),
  drill: many(
    'a drill: 10 to 30 calls, 30% other',
    { share: 0.3, meanLoss: someLostMean },
    (rng) => 10 + rng.int(21),
    someLost,
  ),
  thin: many(
    'a thin drill: 1 to 3 calls, half other',
    { share: 0.5, meanLoss: someLostMean },
    (rng) => 1 + rng.int(3),
    someLost,
  ),
  unequal: many(
    'very unequal calls, 40% other',
    { share: 0.4, meanLoss: 0.2 * 0.65 },
    (rng) => 1 + Math.floor(rng.exponential(8)),
    (rng) => {
      if (rng.next() >= 0.2) return 0;
      return rng.next() < 0.3 ? 1 : 0.5;
    },
  ),
} satisfies Record<string, World>;

/** How often an interval holds the truth, lies above it and lies below it. */
export function coverage(
  world: World,
  n: number,
  trials: number,
  interval: (clusters: Cluster[], trial: number) => readonly [number, number],
  streamOf: (trial: number) => Rng,
): { covered: number; above: number; below: number; width: number } {
  const found = { covered: 0, above: 0, below: 0, width: 0 };
  for (let trial = 0; trial < trials; trial++) {
    const [low, high] = interval(world.draw(streamOf(trial), n), trial);
    if (low > world.truth + 1e-9) found.above += 1 / trials;
    else if (high < world.truth - 1e-9) found.below += 1 / trials;
    else found.covered += 1 / trials;
    found.width += (high - low) / trials;
  }
  return found;
}
