// Outcomes by what they are worth to the person who asked. A leaf.
import type { Outcome } from './call-record.ts';

/** A whole answer, from whoever it came. */
export const usable: ReadonlySet<Outcome> = new Set(['complete', 'continued', 'cached']);

/** What a caller takes for an answer, good or not; refusals and polite replies tell. */
export const presentedAsSuccess: ReadonlySet<Outcome> = new Set([
  'complete',
  'continued',
  'cached',
  'truncated',
  'spliced',
  'leaked',
  'malformed',
  'empty',
]);
