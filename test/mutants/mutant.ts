// The contract of a mutant: a chain module with one mistake that people really make, which says by
// which invariant it has to be found, and where. Scorers know nothing of them.

export interface Mutant {
  /** The invariant that it breaks, `I01` to `I28`. */
  breaks: string;
  /** A shipped scenario that shows it, as `firedrill run` takes it: `total-outage`, `corpus/x`. */
  on: string;
  /** The mistake in one sentence. */
  mistake: string;
}
