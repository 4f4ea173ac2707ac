// Whether a list of what a call tried has what other calls tried in it: it is longer than all that
// was asked, and every target skipped as often as one may be asked.
import type { AttemptRecord } from '../outcome/call-record.ts';

/** `targets`: all that are known, in any order. `most`: attempts of a call, by the limits. */
export function hasOthers(
  told: number,
  attempts: readonly AttemptRecord[],
  targets: readonly string[],
  most: number,
): boolean {
  return told > attempts.length + most * new Set(targets).size;
}
