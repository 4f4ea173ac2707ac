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
  'missing-usage-crashes-retry': { I22: 'counts-absent-usage' },
  'retry-queues-behind-its-orphan': { I05: 'repeats-after-timeouts' },
  'retry-after-three-days': { I09: 'sleeps-the-hint' },
};
