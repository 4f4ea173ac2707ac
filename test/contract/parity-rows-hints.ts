// What the official SDKs make of retry hints that are past, negative, zero, huge, malformed, or two
// at once. How they wait is the same in all of a client's ways: one way of each shows it.
import type { Range, Row } from './parity-row.ts';
import { backoff } from './parity-row.ts';

/** Two waits of so many ms, and the time to the reply. */
function twice(ms: number): Range[] {
  return [
    [ms, ms + 20],
    [ms, ms + 20],
  ];
}

/** OpenAI's waits, and Anthropic's; null: it waits on and on. */
function hintRow(
  name: string,
  hint: Record<string, unknown>,
  openai: Range[],
  anthropic: Range[] | null,
): Row {
  const limited = 'RateLimitError 429 rate_limit_exceeded';
  return {
    name: `429 ${name}`,
    fault: { rule: { inject: 'rate-limit', ...hint } },
    sees: {
      'chat whole': limited,
      'responses stream': limited,
      'messages whole': anthropic === null ? 'hangs' : 'RateLimitError 429',
    },
    requests: { chat: 3, responses: 3, messages: anthropic === null ? 1 : 3 },
    gaps: { chat: openai, responses: openai, messages: anthropic ?? [] },
  };
}

export const hintRows: Row[] = [
  hintRow('retry-after a date in the past', { retryAfter: 'date -30s' }, backoff, backoff),
  hintRow('retry-after -1', { retryAfter: { raw: '-1' } }, backoff, backoff),
  hintRow('retry-after 277403', { retryAfter: '277403s' }, backoff, null),
  hintRow('retry-after soon', { retryAfter: { raw: 'soon' } }, backoff, backoff),
  hintRow('retry-after without a value', { retryAfter: { raw: '' } }, backoff, backoff),
  hintRow('retry-after-ms -200', { retryAfterMs: -200 }, backoff, backoff),
  // No timer can wait that long, so both wait as without a hint.
  hintRow('retry-after-ms 3000000000', { retryAfterMs: 3_000_000_000 }, backoff, backoff),
  hintRow(
    'retry-after-ms soon + retry-after 1',
    { retryAfterMs: { raw: 'soon' }, retryAfter: '1s' },
    twice(1000),
    twice(1000),
  ),
  // For OpenAI a zero is a hint, for Anthropic it is none.
  hintRow(
    'retry-after-ms 0 + retry-after 1',
    { retryAfterMs: 0, retryAfter: '1s' },
    twice(0),
    twice(1000),
  ),
  hintRow(
    'retry-after-ms -1 + retry-after 1',
    { retryAfterMs: -1, retryAfter: '1s' },
    backoff,
    backoff,
  ),
  hintRow(
    'retry-after-ms 200 + retry-after a date in the past',
    { retryAfterMs: 200, retryAfter: 'date -30s' },
    twice(200),
    twice(200),
  ),
];
