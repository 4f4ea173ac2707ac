// What shares one limit: every attempt of the same key, account, region or model, or all attempts
// that a rule matches, whoever's they are.
import { z } from 'zod';
import type { AttemptView } from './fault.ts';

/** `all`: also of several providers, as behind one upstream. */
const scopes = ['key', 'account', 'region', 'model', 'all'] as const;

export type LimitScope = (typeof scopes)[number];

/** Providers count by model. */
export const limitScope = z
  .enum(scopes)
  .default('model')
  .describe(
    'What shares the limit: a key, an account (all of a provider), a region, a model, or all that the rule meets.',
  );

/** Equal for attempts that share the limit. */
export function scopeOf(scope: LimitScope, attempt: AttemptView): string {
  const { provider, key, region, model } = attempt;
  switch (scope) {
    case 'key':
      return `${provider}\n${key ?? ''}`;
    case 'account':
      return provider;
    case 'region':
      return `${provider}\n${region ?? ''}`;
    case 'model':
      return `${provider}\n${model}`;
    case 'all':
      return '';
    default:
      return scope satisfies never;
  }
}
