// Whose rules hold for a request: the same wire is spoken by hosts that differ in what they take.
import type { LintRequest } from './lint-rule.ts';

/**
 * openai: OpenAI or Azure themselves; anthropic: Anthropic's own API; compat: Anthropic behind
 * OpenAI's wire; google: Google's own API; other: hosts of which no rule knows enough.
 */
export type LintDialect = 'openai' | 'anthropic' | 'compat' | 'google' | 'other';

export function dialectOf({ wire, provider }: LintRequest): LintDialect {
  if (wire === 'anthropic-messages') return 'anthropic';
  if (wire === 'gemini') return 'google';
  if (provider === 'anthropic') return 'compat';
  return provider === 'openai' || provider === 'azure' ? 'openai' : 'other';
}

/** Where several rules rest on one document. */
export const sources = {
  compat: 'platform.claude.com/docs/en/api/openai-sdk',
  migration: 'platform.claude.com/docs/en/api/migration-2026-10-21',
  sonnet5: 'Anthropic, Sonnet 5 migration guide',
  chatTypes: 'openai-node, completions.d.ts',
  messageTypes: '@anthropic-ai/sdk, messages.d.ts',
} as const;

/** Members that were written and are not null: null is how many clients say nothing. */
export function given(request: LintRequest, names: readonly string[]): string[] {
  return names.filter((name) => request.body[name] !== undefined && request.body[name] !== null);
}
