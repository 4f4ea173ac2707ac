// Tokens as providers count them, each under names of its own. Many count nothing, or send null.
import { z } from 'zod';
import type { Part, Usage } from './target.ts';

const count = z.number().nonnegative().nullish().catch(null);

const counts = z.object({
  prompt_tokens: count,
  completion_tokens: count,
  input_tokens: count,
  cache_creation_input_tokens: count,
  cache_read_input_tokens: count,
  output_tokens: count,
});

/** Counts are of the whole answer so far: what is not said again stays. Null: nobody counts. */
export function usageIn(given: unknown, before: Usage | null = null): Usage | null {
  const { data } = counts.safeParse(given);
  const fresh = data?.input_tokens ?? data?.prompt_tokens ?? null;
  const output = data?.output_tokens ?? data?.completion_tokens ?? null;
  if (fresh === null && output === null) return before;
  const { cache_creation_input_tokens: made, cache_read_input_tokens: read } = data ?? {};
  const input = (fresh ?? 0) + (made ?? 0) + (read ?? 0);
  return { input: Math.max(before?.input ?? 0, input), output: output ?? before?.output ?? 0 };
}

/** For bodies and streams that count once. */
export function* usageParts(given: unknown): Generator<Part> {
  const usage = usageIn(given);
  if (usage) yield { kind: 'usage', usage };
}
