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
  I14: 'believes-words',
  I15: 'empty-is-success',
  I16: 'filter-is-stop',
  I17: 'one-key-for-all',
  I18: 'sends-same-to-all',
  I19: 'starts-sessions-over',
  I20: 'one-breaker-for-all',
  I21: 'stays-with-fallback',
  I22: 'says-nothing',
  I23: 'names-nobody',
  I25: 'goes-on-alone',
  I26: 'leaks-connections',
  I27: 'tells-of-errors',
  I28: 'parses-each-read',
  I24: 'counts-last-only',
};

/**
 * By the item's id, then by invariant; null: another rule or a threshold sees it, and the invariant
 * does not.
 */
export const ownMistakes: Readonly<Record<string, Readonly<Record<string, Mistake | null>>>> = {
  // Nobody stands ready in the one, and no breaker lasts from call to call in the others.
  'all-candidates-cooling': { I20: null },
  'hung-provider-retried-for-half-an-hour': { I20: null },
  'preamble-recorded-as-success': { I20: null },
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
  'missing-usage-crashes-retry': { I22: 'counts-absent-usage', I24: 'adds-absent-usage' },
  // Nobody leaves in the three: what they say of aborts shows elsewhere.
  'retry-queues-behind-its-orphan': { I05: 'repeats-after-timeouts', I25: null },
  'retry-after-three-days': { I09: 'sleeps-the-hint', I25: null },
  'first-token-timeout-resends-billed-request': { I24: 'bills-failures', I25: null },
  // A chain that is good but for aborts has answered before its caller's limit.
  'gateway-timeout-races-client-timeout': { I25: null },
  // A stream that nobody reads any more is closed by that alone.
  'client-gone-upstream-goes-on': { I25: 'leaks-connections' },
  'cancel-advances-the-chain': { I25: 'abort-moves-on' },
  'caller-timeouts-cool-down-the-primary': { I20: 'cools-for-anything' },
  'context-overflow-cools-healthy-route': { I20: 'cools-for-anything' },
  'model-404-cools-whole-profile': { I20: 'cools-whole-provider' },
  'in-flight-counter-never-released': { I26: 'never-counts-down' },
  // The primary is away for two attempts of each session, and not for a time.
  'thinking-signature-from-other-provider': { I18: 'sends-foreign-history', I21: null },
  'exhausted-chain-restarts': { I05: 'walks-twice' },
  'failover-stays-on-first-pool': { I13: 'stays-on-first' },
  'parameter-mapping-error-loops': { I05: 'walks-twice', I17: 'sends-same-to-all' },
  'past-date-breaks-the-sleep': { I09: 'no-backoff' },
  'retry-after-cap-lost': { I09: 'sleeps-the-hint' },
  'chain-stops-after-two-of-seventeen': { I13: 'stops-after-two', I20: null },
  'overload-raised-with-status-200': { I02: 'in-band-is-fatal', I04: 'in-band-is-fatal' },
  'overload-raised-without-status': { I04: 'in-band-is-fatal' },
  'error-event-breaks-schema-validation': { I04: 'in-band-is-fatal' },
  'responses-created-then-quota-error': { I04: 'in-band-quota-ends' },
  // Who spins for ever is hung.
  'midstream-429-without-fallback-spins-cpu': { I05: 'asks-on-after-payload', I26: null },
  'preamble-only-then-clean-end': { I01: 'empty-is-success' },
  'responses-stream-timeout-bypasses-fallback': { I04: 'in-band-is-fatal' },
  'fallback-wrapper-turns-stream-into-invoke': { I08: null },
  'disable-fallbacks-ignored-mid-stream': { I04: 'only-streams-move' },
  'continuation-prompt-breaks-tool-calling': {
    I18: 'continues-without-tools',
    I19: 'runs-half-calls',
  },
  'continuation-prompt-overrides-system-prompt': { I18: 'continues-as-persona' },
  'streaming-to-buffered-replay-duplicates-tools': {
    I03: 'replays-unstreamed',
    I19: 'replays-unstreamed',
  },
  'continuation-prefill-rejected': { I18: 'continues-by-prefill', I22: 'continues-by-prefill' },
  'socket-errors-not-in-pattern-list': { I13: 'only-statuses-move', I14: null },
  'connection-error-not-an-http-error': { I13: 'only-statuses-move' },
  'upstream-424-equals-internal-sentinel': { I13: 'sentinel-ends' },
  'daily-quota-hangs-for-minutes': { I09: 'sleeps-the-hint' },
  'credit-400-keeps-being-routed': { I11: 'retries-bad-requests', I14: null },
  'digits-in-text-read-as-status': { I12: 'reads-digits', I14: 'reads-digits' },
  'should-retry-header-ignored': { I12: 'reads-words', I14: 'reads-words' },
  'finish-reason-error-passed-on': {
    I04: 'takes-error-finish',
    I15: null,
    I24: 'adds-absent-usage',
  },
  'refusal-routed-around-by-default': { I16: 'hides-refusals', I23: 'hides-refusals' },
  'event-stream-with-zero-events': { I01: 'empty-is-success' },
  'json-schema-dropped-on-fallback': { I18: 'drops-schema' },
  'announced-switch-stays-on-primary': { I17: 'announces-switch', I23: 'announces-switch' },
  'second-error-hides-first': { I17: 'sends-same-to-all', I22: 'second-error-hides-first' },
  'schema-ignored-by-endpoint': { I12: 'repeats-bad-form', I18: 'repeats-bad-form', I15: null },
  'primary-parameters-cannot-be-removed': { I17: 'sends-same-to-all' },
  'missing-thought-signature-after-hop': { I18: 'sends-foreign-history' },
  'image-sent-to-text-only-fallback': { I22: 'second-error-hides-first' },
  'output-limit-of-primary-sent-to-fallback': { I17: 'sends-same-to-all' },
  'foreign-tool-call-id-too-long': { I18: 'sends-foreign-history', I27: null },
  'schema-lost-with-tool-choice-none': { I18: 'drops-schema' },
  'fallback-inherits-primary-key': { I11: 'one-key-for-all' },
  'smaller-context-fallback': { I22: 'second-error-hides-first' },
  'embedding-fallback-same-width-other-space': {
    I18: 'mixes-spaces',
    I21: 'stays-with-fallback',
    I27: null,
  },
  'embedding-fallback-wrong-width': { I18: 'stays-with-fallback', I27: 'mixes-spaces' },
  'vault-split-into-two-spaces': { I18: 'mixes-spaces', I27: 'mixes-spaces' },
  'provider-sentence-dropped': { I14: 'reads-words' },
  'cloudflare-520-and-524-are-fatal': { I14: null },
  'malformed-function-call-is-empty-success': { I14: null, I15: 'any-200-is-success' },
  'html-page-as-stream': { I15: 'any-200-is-success' },
  'json-reply-to-stream-request': { I15: 'any-200-is-success' },
  'content-filter-finish-not-raised': { I15: 'filter-is-stop' },
  'finish-reason-without-done-misread': { I24: 'counts-at-done' },
  'served-model-priced-as-requested': { I24: 'prices-as-requested' },
  'cost-null-after-fallback': { I24: 'loses-cost' },
};

/** Items in which a threshold tells the mistake, by its path. */
export const seenByThreshold: Readonly<Record<string, readonly [path: string, Mistake]>> = {
  'fallback-wrapper-turns-stream-into-invoke': ['ttft_ms.p95', 'asks-whole'],
};

/** How a chain is built that meets an item; `targets` is YAML, or names of embedding models. */
export type Built =
  | { chain: 'planted' | 'session'; targets?: string }
  | { chain: 'embedding'; models: readonly string[] };

const gpt = 'openai/gpt-4o';
const claude = 'anthropic/claude-3-5-sonnet-latest';
const small = 'openai/text-embedding-3-small';

/** By the item's id, where its rules alone do not say it. */
export const ownChains: Readonly<Record<string, Built>> = {
  'second-error-hides-first': {
    chain: 'planted',
    targets: `[{ model: ${gpt}, wire: openai-responses }, openai/gpt-6-luna]`,
  },
  'fallback-inherits-primary-key': {
    chain: 'planted',
    targets: `[${gpt}, ${claude}, anthropic/claude-haiku-5-5]`,
  },
  'missing-thought-signature-after-hop': {
    chain: 'session',
    targets: `[${gpt}, ${claude}, google/gemini-2.0-flash]`,
  },
  'foreign-tool-call-id-too-long': { chain: 'session' },
  'thinking-signature-from-other-provider': { chain: 'session' },
  'primary-secrets-sent-to-fallback-host': {
    chain: 'embedding',
    models: [small, 'google/gemini-embedding-001'],
  },
  'embedding-fallback-same-width-other-space': {
    chain: 'embedding',
    models: [small, 'openai/text-embedding-ada-002'],
  },
  'embedding-fallback-wrong-width': {
    chain: 'embedding',
    models: [small, 'vllm/all-mpnet-base-v2'],
  },
  'vault-split-into-two-spaces': {
    chain: 'embedding',
    models: [small, 'openai/text-embedding-ada-002'],
  },
};
