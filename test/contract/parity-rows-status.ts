// What the official SDKs make of errors by status, and of broken connections. A row is a line of
// the table in words: the fault, what each client sees, how many requests it takes, how long it
// waits.
import type { Row } from './parity-row.ts';
import { backoff, backoffAfterTimeout } from './parity-row.ts';

const seconds: Row['gaps'] = [
  [1000, 1020],
  [1000, 1020],
];

export const limitRows: Row[] = [
  {
    name: '429 retry-after 1',
    fault: { rule: { inject: 'rate-limit', retryAfter: '1s' } },
    sees: {
      chat: 'RateLimitError 429 rate_limit_exceeded',
      responses: 'RateLimitError 429 rate_limit_exceeded',
      messages: 'RateLimitError 429',
    },
    requests: 3,
    gaps: seconds,
  },
  {
    name: '429 retry-after 0',
    fault: { rule: { inject: 'rate-limit', retryAfter: '0s' } },
    sees: {
      chat: 'RateLimitError 429 rate_limit_exceeded',
      responses: 'RateLimitError 429 rate_limit_exceeded',
      messages: 'RateLimitError 429',
    },
    requests: 3,
    gaps: {
      chat: [
        [0, 20],
        [0, 20],
      ],
      responses: [
        [0, 20],
        [0, 20],
      ],
      messages: backoff,
    },
  },
  {
    name: '429 retry-after 70',
    fault: { rule: { inject: 'rate-limit', retryAfter: '70s' } },
    sees: {
      chat: 'RateLimitError 429 rate_limit_exceeded',
      responses: 'RateLimitError 429 rate_limit_exceeded',
      messages: 'hangs',
    },
    requests: { chat: 3, responses: 3, messages: 1 },
    gaps: { chat: backoff, responses: backoff, messages: [] },
  },
  {
    name: '429 retry-after-ms 200 + retry-after 5',
    fault: { rule: { inject: 'rate-limit', retryAfter: '5s', retryAfterMs: 200 } },
    sees: {
      chat: 'RateLimitError 429 rate_limit_exceeded',
      responses: 'RateLimitError 429 rate_limit_exceeded',
      messages: 'RateLimitError 429',
    },
    requests: 3,
    gaps: [
      [200, 220],
      [200, 220],
    ],
  },
  {
    name: '429 retry-after HTTP date +2.5 s',
    fault: { rule: { inject: 'rate-limit', retryAfter: 'date 2.5s' } },
    sees: {
      chat: 'RateLimitError 429 rate_limit_exceeded',
      responses: 'RateLimitError 429 rate_limit_exceeded',
      messages: 'RateLimitError 429',
    },
    requests: 3,
    // Dates have a resolution of one second: up to one less than asked for.
    gaps: [
      [1500, 2520],
      [1500, 2520],
    ],
  },
  {
    name: '429 quota',
    fault: { rule: { inject: 'quota-exhausted' } },
    sees: {
      chat: 'RateLimitError 429 insufficient_quota',
      responses: 'RateLimitError 429 insufficient_quota',
      // A RateLimitError, too: its class is made from `details.error_code`.
      messages: 'EnforcedSpendLimitReachedError 429',
    },
    requests: 3,
    gaps: backoff,
  },
];

/** What both OpenAI APIs see, and what Anthropic's sees, in all three ways. */
function statusRow(
  status: number,
  requests: number,
  [openai, anthropic]: [string, string],
  more: Record<string, unknown> = {},
  name = String(status),
): Row {
  return {
    name,
    fault: { rule: { inject: 'server-error', status, ...more } },
    sees: { chat: openai, responses: openai, messages: anthropic },
    requests,
    gaps: backoff.slice(0, requests - 1),
  };
}

export const statusRows: Row[] = [
  statusRow(400, 1, ['BadRequestError 400', 'BadRequestError 400']),
  statusRow(401, 1, ['AuthenticationError 401 invalid_api_key', 'AuthenticationError 401']),
  statusRow(403, 1, ['PermissionDeniedError 403', 'PermissionDeniedError 403']),
  statusRow(404, 1, ['NotFoundError 404 model_not_found', 'NotFoundError 404']),
  statusRow(413, 1, ['APIError 413', 'ContentTooLargeError 413']),
  statusRow(
    400,
    3,
    ['BadRequestError 400', 'BadRequestError 400'],
    { shouldRetry: true },
    '400 + x-should-retry: true',
  ),
  statusRow(
    500,
    1,
    ['InternalServerError 500 server_error', 'InternalServerError 500'],
    { shouldRetry: false },
    '500 + x-should-retry: false',
  ),
  statusRow(408, 3, ['APIError 408', 'RequestTimeoutError 408']),
  statusRow(409, 3, ['ConflictError 409', 'ConflictError 409']),
  statusRow(500, 3, ['InternalServerError 500', 'InternalServerError 500'], { body: 'text' }),
  {
    name: '500 with the headers that each provider sends',
    fault: { rule: { inject: 'server-error', status: 500 } },
    sees: {
      chat: 'InternalServerError 500 server_error',
      responses: 'InternalServerError 500 server_error',
      // Anthropic says x-should-retry: false.
      messages: 'InternalServerError 500',
    },
    requests: { chat: 3, responses: 3, messages: 1 },
    gaps: { chat: backoff, responses: backoff },
  },
  statusRow(503, 3, [
    'InternalServerError 503 server_is_overloaded',
    'ServiceUnavailableError 503',
  ]),
  statusRow(504, 3, ['InternalServerError 504', 'GatewayTimeoutError 504']),
  statusRow(529, 3, ['InternalServerError 529', 'OverloadedError 529']),
  statusRow(
    502,
    3,
    ['InternalServerError 502', 'InternalServerError 502'],
    { body: 'html' },
    'HTML 502',
  ),
];

export const connectionRows: Row[] = [
  {
    name: 'RST before headers',
    fault: { rule: { inject: 'disconnect', how: 'reset' } },
    sees: {
      chat: 'APIConnectionError <- ECONNRESET',
      responses: 'APIConnectionError <- ECONNRESET',
      messages: 'APIConnectionError <- ECONNRESET',
    },
    requests: 3,
    gaps: backoff,
  },
  {
    name: 'FIN without response',
    fault: { rule: { inject: 'disconnect', how: 'fin' } },
    sees: {
      chat: 'APIConnectionError <- UND_ERR_SOCKET',
      responses: 'APIConnectionError <- UND_ERR_SOCKET',
      messages: 'APIConnectionError <- UND_ERR_SOCKET',
    },
    requests: 3,
    gaps: backoff,
  },
  {
    name: 'stall before headers',
    fault: { rule: { inject: 'stall' } },
    sees: {
      chat: 'APIConnectionTimeoutError <- AbortError',
      responses: 'APIConnectionTimeoutError <- AbortError',
      messages: 'APIConnectionTimeoutError',
    },
    requests: 3,
    gaps: backoffAfterTimeout,
  },
];
