// The retry hints that rejecting faults share: how users write them, what goes over the wire.
import { z } from 'zod';
import { expectedText, expecting } from '../scenario/issue.ts';
import { durationMs } from '../scenario/units.ts';
import type { Hint } from './rejection.ts';

const hintWords = 'a duration like 2s, "date 2s", "date -30s", or { raw: "soon" }';
const msWords = 'a number of ms like 250 or -1, or { raw: "soon" }';

/** HTTP dates have years of four digits. */
const mostDateMs = 700_000 * 86_400_000;

/** What may stand in a header at all. */
const headerValue = z
  .string()
  .regex(/^[\t\x20-\x7e\xa0-\xff]*$/, 'expected one line of Latin-1')
  .describe('The text of the header, sent as it is.');

/** The YAML keys of a hint, to be spread into a fault's settings. */
export const hintKeys = {
  retryAfter: z
    .union([z.string(), z.strictObject({ raw: headerValue })], { error: expecting(hintWords) })
    .transform((value, context): Hint => {
      if (typeof value !== 'string') return { retryAfter: value.raw };
      const [, date, minus, length] = /^(date )?(-?)(.*)$/.exec(value) ?? [];
      const ms = durationMs(length ?? '');
      if (ms !== null && date && ms <= mostDateMs) {
        return { retryAfterDateMs: minus && ms > 0 ? -ms : ms };
      }
      if (ms !== null && !date && !minus) return { retryAfter: String(ms / 1000) };
      context.addIssue({ code: 'custom', message: expectedText(hintWords, value) });
      return z.NEVER;
    })
    .optional()
    .describe(
      'The retry-after header: 2s (sent as seconds), "date 2s" (as an HTTP date; "date -30s" is past), or { raw: text }.',
    ),
  retryAfterMs: z
    .union([z.number(), z.strictObject({ raw: headerValue })], { error: expecting(msWords) })
    .transform((value) => (typeof value === 'number' ? String(value) : value.raw))
    .optional()
    .describe('The retry-after-ms header: a number, also a negative one, or { raw: text }.'),
  shouldRetry: z.boolean().optional().describe('The x-should-retry header.'),
};

export function hintOf(settings: {
  retryAfter?: Hint | undefined;
  retryAfterMs?: string | undefined;
  shouldRetry?: boolean | undefined;
}): { hint?: Hint } {
  const hint: Hint = { ...settings.retryAfter };
  if (settings.retryAfterMs !== undefined) hint.retryAfterMs = settings.retryAfterMs;
  if (settings.shouldRetry !== undefined) hint.shouldRetry = settings.shouldRetry;
  return Object.keys(hint).length > 0 ? { hint } : {};
}
