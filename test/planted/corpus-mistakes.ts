// Which mistake shows an item of the corpus: by invariant the usual one, unless the item is about
// another. Items and what they exercise are in scenarios/corpus/.
import type { Mistake } from './mistakes.ts';

export const usualMistake: Readonly<Record<string, Mistake>> = {
  I01: 'takes-any-end',
  I02: 'commits-at-headers',
  I03: 'restarts-after-payload',
  I04: 'commits-at-headers',
  I05: 'retries-multiply',
  I06: 'no-idle-limit',
  I07: 'no-attempt-limit',
  I08: 'primary-eats-deadline',
  I09: 'ignores-hint',
  I11: 'retries-quota',
  I12: 'retries-bad-requests',
  I13: 'only-limits-move',
  I22: 'says-nothing',
  I23: 'names-nobody',
};

/** By the item's id, then by invariant. */
export const ownMistakes: Readonly<Record<string, Readonly<Record<string, Mistake>>>> = {
  'two-bad-keys-loop': { I05: 'walks-twice' },
  'retry-after-three-days': { I09: 'sleeps-the-hint' },
  'socket-errors-not-in-pattern-list': { I13: 'only-statuses-move' },
  'connection-error-not-an-http-error': { I13: 'only-statuses-move' },
  'upstream-424-equals-internal-sentinel': { I13: 'sentinel-ends' },
  'daily-quota-hangs-for-minutes': { I09: 'sleeps-the-hint' },
  'credit-400-keeps-being-routed': { I11: 'retries-bad-requests' },
  'digits-in-text-read-as-status': { I12: 'reads-digits' },
  'should-retry-header-ignored': { I12: 'reads-words' },
  'finish-reason-error-passed-on': { I04: 'takes-error-finish' },
  'refusal-routed-around-by-default': { I23: 'hides-refusals' },
  'event-stream-with-zero-events': { I01: 'takes-silence' },
};
