// Quantiles of the normal and of Student's t distribution: what intervals are cut at. A leaf.
// Series and bisection instead of tables of constants: exact to ten digits, and short.

/** P(Z <= z). The series of Abramowitz, Stegun, 26.2.11; beyond 8 all is certain. */
export function normalShare(z: number): number {
  if (Math.abs(z) > 8) return z < 0 ? 0 : 1;
  let term = z;
  let sum = z;
  for (let odd = 3; Math.abs(term) > 1e-17; odd += 2) {
    term *= (z * z) / odd;
    sum += term;
  }
  return 0.5 + (sum * Math.exp((-z * z) / 2)) / Math.sqrt(2 * Math.PI);
}

/** The z with P(Z <= z) = share. */
export function normalAt(share: number): number {
  return bisect(normalShare, share, 8);
}

/** More degrees of freedom than these are as good as all: 2e-4 off at the 97.5th percentile. */
const most = 2_000;

/** The t with P(T <= t) = share, for whole degrees of freedom. */
export function studentAt(share: number, degrees: number): number {
  const whole = Math.min(degrees, most);
  return bisect((t) => studentShare(t, whole), share, 1e3);
}

/** P(T <= t). The finite sums of Abramowitz, Stegun, 26.7.3 and 26.7.4. */
function studentShare(t: number, degrees: number): number {
  const angle = Math.atan(t / Math.sqrt(degrees));
  const cosine = Math.cos(angle);
  const odd = degrees % 2 === 1;
  let term = odd ? cosine : 1;
  let sum = degrees === 1 ? 0 : term;
  for (let k = odd ? 3 : 2; k < degrees; k += 2) {
    term *= (cosine * cosine * (k - 1)) / k;
    sum += term;
  }
  const within = Math.sin(angle) * sum;
  return odd ? 0.5 + (angle + within) / Math.PI : 0.5 + within / 2;
}

function bisect(rising: (x: number) => number, wanted: number, bound: number): number {
  let low = -bound;
  let high = bound;
  for (let i = 0; i < 60; i++) {
    const middle = (low + high) / 2;
    if (rising(middle) < wanted) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}
