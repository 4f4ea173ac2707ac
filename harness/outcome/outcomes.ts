// What can become of a call. A leaf.

/** In order of precedence: the first that applies is the outcome. */
export const outcomes = [
  'aborted',
  'hung',
  'error',
  'spliced',
  'leaked',
  'truncated',
  'empty',
  'malformed',
  'refused',
  'degraded',
  'cached',
  'continued',
  'complete',
] as const;

export type Outcome = (typeof outcomes)[number];
