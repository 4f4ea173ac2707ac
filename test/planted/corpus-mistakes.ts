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
  I10: 'wakes-in-step',
  I11: 'retries-quota',
  I12: 'retries-bad-requests',
  I13: 'only-limits-move',
  I19: 'starts-sessions-over',
  I22: 'says-nothing',
  I23: 'names-nobody',
};

/** By the item's id, then by invariant; null: a threshold sees it and the invariant does not. */
export const ownMistakes: Readonly<Record<string, Readonly<Record<string, Mistake | null>>>> = {
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
  'missing-usage-crashes-retry': { I22: 'counts-absent-usage' },
  'retry-queues-behind-its-orphan': { I05: 'repeats-after-timeouts' },
  'retry-after-three-days': { I09: 'sleeps-the-hint' },
  'exhausted-chain-restarts': { I05: 'walks-twice' },
  'failover-stays-on-first-pool': { I13: 'stays-on-first' },
  'parameter-mapping-error-loops': { I05: 'walks-twice' },
  'past-date-breaks-the-sleep': { I09: 'no-backoff' },
  'retry-after-cap-lost': { I09: 'sleeps-the-hint' },
  'chain-stops-after-two-of-seventeen': { I13: 'stops-after-two' },
  'overload-raised-with-status-200': { I02: 'in-band-is-fatal', I04: 'in-band-is-fatal' },
  'overload-raised-without-status': { I04: 'in-band-is-fatal' },
  'error-event-breaks-schema-validation': { I04: 'in-band-is-fatal' },
  'responses-created-then-quota-error': { I04: 'in-band-quota-ends' },
  'midstream-429-without-fallback-spins-cpu': { I05: 'asks-on-after-payload' },
  'preamble-only-then-clean-end': { I01: 'empty-is-success' },
  'responses-stream-timeout-bypasses-fallback': { I04: 'in-band-is-fatal' },
  'fallback-wrapper-turns-stream-into-invoke': { I08: null },
  'disable-fallbacks-ignored-mid-stream': { I04: 'only-streams-move' },
  'continuation-prompt-breaks-tool-calling': { I19: 'runs-half-calls' },
  'streaming-to-buffered-replay-duplicates-tools': {
    I03: 'replays-unstreamed',
    I19: 'replays-unstreamed',
  },
  'continuation-prefill-rejected': { I22: 'continues-by-prefill' },
  'socket-errors-not-in-pattern-list': { I13: 'only-statuses-move' },
  'connection-error-not-an-http-error': { I13: 'only-statuses-move' },
  'upstream-424-equals-internal-sentinel': { I13: 'sentinel-ends' },
  'daily-quota-hangs-for-minutes': { I09: 'sleeps-the-hint' },
  'credit-400-keeps-being-routed': { I11: 'retries-bad-requests' },
  'digits-in-text-read-as-status': { I12: 'reads-digits' },
  'should-retry-header-ignored': { I12: 'reads-words' },
  'finish-reason-error-passed-on': { I04: 'takes-error-finish' },
  'refusal-routed-around-by-default': { I23: 'hides-refusals' },
  'event-stream-with-zero-events': { I01: 'empty-is-success' },
};

/** Items in which a threshold tells the mistake, by its path. */
export const seenByThreshold: Readonly<Record<string, readonly [path: string, Mistake]>> = {
  'fallback-wrapper-turns-stream-into-invoke': ['ttft_ms.p95', 'asks-whole'],
};
