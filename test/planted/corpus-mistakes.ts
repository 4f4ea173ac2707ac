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
  'adapter-invents-end-turn': { I04: 'in-band-quota-ends' },
  'attempt-timeout-taken-for-user-cancel': { I08: 'timeout-is-abort' },
  'deadline-discards-fallback-output': { I04: 'in-band-quota-ends' },
  'error-body-never-ends': { I07: 'lax-attempt-limit' },
  'header-deadline-cuts-healthy-stream': { I06: 'fair-share-stays' },
  'incomplete-response-shown-as-stop': { I04: 'in-band-quota-ends' },
  'repaired-tool-arguments-look-finished': { I19: 'repairs-arguments' },
  'responses-completed-with-partial-arguments': {
    I01: 'takes-any-end-of-turns',
    I19: 'repairs-arguments',
  },
  'rate-limit-known-but-run-waits-out': { I08: 'sleeps-the-hint' },
  'runtime-body-timeout-cuts-thinking': { I07: 'limit-ends-at-headers' },
  'timeout-ends-at-headers': { I07: 'limit-ends-at-headers' },
  'retry-after-three-days': { I09: 'sleeps-the-hint' },
};
