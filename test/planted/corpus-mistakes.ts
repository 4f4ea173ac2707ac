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
  I17: 'one-key-for-all',
  I18: 'sends-same-to-all',
  I22: 'says-nothing',
  I23: 'names-nobody',
};

/** By the item's id, then by invariant. */
export const ownMistakes: Readonly<Record<string, Readonly<Record<string, Mistake>>>> = {
  'two-bad-keys-loop': { I05: 'walks-twice' },
  'retry-after-three-days': { I09: 'sleeps-the-hint' },
  'json-schema-dropped-on-fallback': { I18: 'drops-schema' },
  'announced-switch-stays-on-primary': { I17: 'announces-switch', I23: 'announces-switch' },
  'second-error-hides-first': { I17: 'sends-same-to-all', I22: 'second-error-hides-first' },
  'schema-ignored-by-endpoint': { I12: 'repeats-bad-form', I18: 'repeats-bad-form' },
  'primary-parameters-cannot-be-removed': { I17: 'sends-same-to-all' },
  'missing-thought-signature-after-hop': { I18: 'sends-foreign-history' },
  'image-sent-to-text-only-fallback': { I22: 'second-error-hides-first' },
  'output-limit-of-primary-sent-to-fallback': { I17: 'sends-same-to-all' },
  'foreign-tool-call-id-too-long': { I18: 'sends-foreign-history' },
  'schema-lost-with-tool-choice-none': { I18: 'drops-schema' },
  'fallback-inherits-primary-key': { I11: 'one-key-for-all' },
  'smaller-context-fallback': { I22: 'second-error-hides-first' },
  'thinking-signature-from-other-provider': { I18: 'sends-foreign-history' },
  'embedding-fallback-same-width-other-space': { I18: 'mixes-spaces', I21: 'stays-with-fallback' },
  'embedding-fallback-wrong-width': { I18: 'stays-with-fallback' },
  'vault-split-into-two-spaces': { I18: 'mixes-spaces' },
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
