// Many comparisons at once: of twenty without any difference, one interval of 95% leaves out 0.
import type { Interval } from '../scoring/cluster.ts';

/**
 * Intervals are approximations: of simulated drills those of 95% leave the truth out in up to 6%
 * (docs/statistics.md). Held to 4%, no more than 5% of all claims are wrong.
 */
const familyMiss = 0.04;

export interface Test {
  /** How many standard errors the difference is from 0; infinite where there is no spread. */
  strength: number;
  /** Leaves the truth out in at most so many of all cases. */
  interval(miss: number): Interval;
}

/**
 * Which of them show a difference, such that in at most 5% of all cases any of them is wrong (Holm
 * 1979): the strongest against 4% / m, the next against 4% / (m - 1), until one shows none.
 */
export function shownTo(tests: readonly Test[]): boolean[] {
  const found = tests.map(() => false);
  const order = tests.map((_, at) => at);
  order.sort((a, b) => rank(tests[b]) - rank(tests[a]) || a - b);
  for (const [step, at] of order.entries()) {
    const interval = tests[at]?.interval(familyMiss / (tests.length - step));
    if (!interval || (interval[0] <= 0 && interval[1] >= 0)) break;
    found[at] = true;
  }
  return found;
}

/** Infinity less Infinity is no number to sort by. */
function rank(test: Test | undefined): number {
  return Math.min(test?.strength ?? 0, Number.MAX_VALUE);
}
