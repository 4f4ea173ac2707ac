// The one place where chains draw. Seeded in a drill; a leaf, so that tests can pass their own.

/** Uniform in [0, 1). */
export const chance = (): number => Math.random();
