// The limits that invariants are judged against (DESIGN section 6), with the defaults in one place.
export interface Limits {
  /** Attempts per call at most. */
  attempts: number;
  idleMs: number;
  attemptMs: number;
  deadlineMs: number;
  hintCapMs: number;
  probesPerMinute: number;
  recoveryMs: number;
  /** What the chain promises to do with an explicit refusal. */
  refusal: 'surface' | 'fallback';
}

/**
 * How long a chain is watched after it has let go of a call that its caller had left: what goes on
 * in the background shows by then.
 */
export const aftermathMs = 60_000;

export const defaultLimits: Limits = {
  attempts: 6,
  idleMs: 10_000,
  attemptMs: 30_000,
  deadlineMs: 30_000,
  hintCapMs: 60_000,
  probesPerMinute: 2,
  recoveryMs: 120_000,
  refusal: 'surface',
};
