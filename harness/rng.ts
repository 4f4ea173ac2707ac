// Seeded randomness. One root seed; every use derives its own stream from names and numbers,
// so that adding a fault, a target or a call does not reshuffle the draws of the others.
export interface Rng {
  /** Uniform in [0, 1). */
  next(): number;
  /** Uniform integer in [0, below). */
  int(below: number): number;
  /** Standard normal (Box-Muller, one value a draw of two). */
  normal(): number;
  /** Exponential with the given mean. */
  exponential(mean: number): number;
}

/** A 32-bit hash of names and numbers, in order; `mix(a, b)` differs from `mix(b, a)`. */
export function mix(seed: number, ...parts: (string | number)[]): number {
  let hash = seed | 0;
  for (const part of parts) {
    if (typeof part === 'number') hash = scramble(hash ^ scramble(part + 0x9e3779b9));
    else {
      for (let i = 0; i < part.length; i++) {
        hash = Math.imul(hash ^ part.charCodeAt(i), 0x01000193);
      }
      hash = scramble(hash ^ part.length);
    }
  }
  return hash >>> 0;
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
function scramble(value: number): number {
  let h = value | 0;
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b);
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35);
  return (h ^ (h >>> 16)) >>> 0;
}

/** An independent stream for (seed, ...parts): sfc32, 128 bits of state, warmed up. */
export function stream(seed: number, ...parts: (string | number)[]): Rng {
  const base = mix(seed, ...parts);
  let a = base;
  let b = scramble(base ^ 0x243f6a88);
  let c = scramble(b ^ 0x85a308d3);
  let counter = scramble(c ^ 0x13198a2e);
  const bits = (): number => {
    const sum = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = ((c << 21) | (c >>> 11)) + sum;
    c |= 0;
    return sum >>> 0;
  };
  for (let i = 0; i < 8; i++) bits();
  const next = (): number => bits() / 0x1_0000_0000;
  return {
    next,
    int: (below) => Math.floor(next() * below),
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    exponential: (mean) => -Math.log(1 - next()) * mean,
  };
}
