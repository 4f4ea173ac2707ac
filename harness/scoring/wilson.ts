// An interval for a share of calls. A leaf.

/** The 97.5th percentile of the standard normal distribution. */
const usual = 1.959964;

/**
 * The score interval of Wilson (1927), 95% unless `z` says more, for `part` of `whole`; it keeps
 * its coverage where the share is near 0 or 1, as availability is. Takes calls as independent. @see
 * Brown, Cai, DasGupta, "Interval estimation for a binomial proportion", 2001
 */
export function wilson(part: number, whole: number, z = usual): [low: number, high: number] {
  const share = part / whole;
  const square = (z * z) / whole;
  const middle = (share + square / 2) / (1 + square);
  const half = (z / (1 + square)) * Math.sqrt((share * (1 - share)) / whole + square / (4 * whole));
  const low = part === 0 ? 0 : Math.max(0, middle - half);
  const high = part === whole ? 1 : Math.min(1, middle + half);
  return [low, high];
}
