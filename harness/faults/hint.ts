// The retry hints that rejecting faults share: how users write them, what goes over the wire.
import { z } from 'zod';
import { expectedText, expecting } from '../scenario/issue.ts';
import { durationMs } from '../scenario/units.ts';
import type { Hint } from './rejection.ts';

const hintWords = 'a duration like 2s, "date 2s", or { raw: "soon" }';

/** What may stand in a header at all. */
const headerValue = z.string().regex(/^[\t\x20-\x7e\xa0-\xff]*$/, 'expected one line of Latin-1');

/** The YAML keys of a hint, to be spread into a fault's settings. */
export const hintKeys = {
  /** `2s` (sent as seconds), `date 2s` (sent as an HTTP date), or `raw: text` sent as it is. */
  retryAfter: z
    .union([z.string(), z.strictObject({ raw: headerValue })], { error: expecting(hintWords) })
    .transform((value, context): Hint => {
      if (typeof value !== 'string') return { retryAfter: value.raw };
      const ms = durationMs(value.replace(/^date /, ''));
      if (ms !== null && value.startsWith('date ')) return { retryAfterDateMs: ms };
      if (ms !== null) return { retryAfter: String(ms / 1000) };
      context.addIssue({ code: 'custom', message: expectedText(hintWords, value) });
      return z.NEVER;
    })
    .optional(),
  /** The `retry-after-ms` header. */
  retryAfterMs: z.number().optional(),
  /** The `x-should-retry` header. */
  shouldRetry: z.boolean().optional(),
};

export function hintOf(settings: {
  retryAfter?: Hint | undefined;
  retryAfterMs?: number | undefined;
  shouldRetry?: boolean | undefined;
}): { hint?: Hint } {
  const hint: Hint = { ...settings.retryAfter };
  if (settings.retryAfterMs !== undefined) hint.retryAfterMs = String(settings.retryAfterMs);
  if (settings.shouldRetry !== undefined) hint.shouldRetry = settings.shouldRetry;
  return Object.keys(hint).length > 0 ? { hint } : {};
}
