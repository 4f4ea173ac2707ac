// What a retry hint asks for, as a client that follows the standard reads it.
import type { Hint } from '../faults/rejection.ts';

/** ms to wait; null where the hint cannot be used (malformed, negative, past). */
export function hintMsOf(hint: Hint, nowEpochMs: number): number | null {
  if (hint.retryAfterMs !== undefined) return usable(Number(hint.retryAfterMs));
  if (hint.retryAfterDateMs !== undefined) {
    // HTTP dates have whole seconds: what a client sees is up to a second less.
    const date = Math.floor((nowEpochMs + hint.retryAfterDateMs) / 1000) * 1000;
    return usable(date - nowEpochMs);
  }
  if (hint.retryAfter === undefined) return null;
  const seconds = Number(hint.retryAfter);
  if (hint.retryAfter.trim() !== '' && !Number.isNaN(seconds)) return usable(seconds * 1000);
  const date = Date.parse(hint.retryAfter);
  return Number.isNaN(date) ? null : usable(date - nowEpochMs);
}

function usable(ms: number): number | null {
  return Number.isFinite(ms) && ms >= 0 ? ms : null;
}
