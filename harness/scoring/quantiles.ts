// Quantiles of the normal and of Student's t distribution: what intervals are cut at. A leaf.
import jstat from 'jstat';

/** P(Z <= z). */
export function normalShare(z: number): number {
  return jstat.normal.cdf(z, 0, 1);
}

/** The z with P(Z <= z) = share. */
export function normalAt(share: number): number {
  return jstat.normal.inv(share, 0, 1);
}

/** The t with P(T <= t) = share. */
export function studentAt(share: number, degrees: number): number {
  return jstat.studentt.inv(share, degrees);
}
