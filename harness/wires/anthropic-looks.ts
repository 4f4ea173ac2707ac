// Status, type and words of every rejection of Anthropic, per reason.
import type { RateLimits, Reason, Rejection } from '../faults/rejection.ts';
import { anthropicDetail } from './anthropic-detail.ts';
import { phraseOf } from './gateway.ts';
import type { Asked } from './wire.ts';

export interface Look {
  status: number;
  type: string;
  /** `error.details.error_code`. */
  code: string | null;
  message: string;
  /** What `x-should-retry` says; null where the header is not sent. */
  retry: boolean | null;
  /** Whether the limits of the organisation are told. */
  limits: boolean;
}

/** The look of a rejection: its reason's own, unless its status is that of something else. */
export function lookOf(rejection: Rejection, asked: Asked): Look {
  let look = ownLook(rejection.reason, rejection, asked);
  const status = rejection.status ?? look.status;
  if (status !== look.status) {
    const reason = reasonsByStatus[status];
    if (rejection.reason === 'too-large' && status === 429) look = overWholeLimit(asked);
    else if (rejection.reason === 'billing' && status === 402) look = billing402;
    else if (reason !== undefined) look = ownLook(reason, rejection, asked);
    else look = plain(status);
  }
  look = { ...look, ...anthropicDetail(rejection, asked) };
  return {
    ...look,
    status,
    message: rejection.message ?? look.message,
    code: rejection.code ?? look.code,
  };
}

const reasonsByStatus: Readonly<Record<number, Reason>> = {
  400: 'invalid-request',
  401: 'auth',
  403: 'permission',
  404: 'not-found',
  409: 'conflict',
  413: 'too-large',
  429: 'rate-limit',
  500: 'server-error',
  504: 'timeout',
  529: 'overloaded',
};

function plain(status: number): Look {
  if (status === 402) return billing402;
  const type = status >= 500 ? 'api_error' : 'invalid_request_error';
  return { status, type, code: null, message: phraseOf(status), retry: null, limits: false };
}

const billing402: Look = {
  status: 402,
  type: 'billing_error',
  code: null,
  message: 'There is an issue with your billing or payment information.',
  retry: null,
  limits: false,
};

function ownLook(reason: Reason, rejection: Rejection, asked: Asked): Look {
  const look = (status: number, type: string, retry: boolean | null, message: string): Look => {
    return { status, type, code: null, message, retry, limits: false };
  };
  switch (reason) {
    case 'rate-limit':
      return rateLimit(rejection);
    case 'quota':
      return {
        ...look(429, 'rate_limit_error', null, words.quota),
        code: 'enforced_spend_limit_reached',
      };
    case 'billing':
      return look(400, 'invalid_request_error', false, words.billing);
    case 'server-error':
      return look(500, 'api_error', false, 'Internal server error');
    case 'overloaded':
      return look(529, 'overloaded_error', true, 'Overloaded');
    case 'timeout':
      return look(504, 'timeout_error', null, words.timeout);
    case 'invalid-request':
      return look(400, 'invalid_request_error', false, words.invalid);
    case 'context-length':
      return look(400, 'invalid_request_error', false, words.context);
    case 'content-policy':
      return look(400, 'invalid_request_error', false, words.policy);
    case 'auth':
      return look(401, 'authentication_error', false, authWords(asked));
    case 'permission':
      return look(403, 'permission_error', null, words.permission);
    case 'not-found':
      return look(404, 'not_found_error', false, `model: ${asked.model}`);
    case 'conflict':
      return look(409, 'conflict_error', null, words.conflict);
    case 'too-large':
      return look(413, 'request_too_large', null, 'Request exceeds the maximum size');
    default:
      return reason satisfies never;
  }
}

const words = {
  quota:
    "This request was blocked because your organization's spend limit has been reached. " +
    'Raise the limit in the Console to continue.',
  billing:
    'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing ' +
    'to upgrade or purchase credits.',
  timeout: 'The request timed out while it was being processed.',
  invalid: 'Invalid request. Please check the request body and try again.',
  context: 'prompt is too long: 200016 tokens > 200000 maximum',
  policy: 'Output blocked by content filtering policy',
  permission: 'Your API key does not have permission to use the specified resource.',
  conflict: 'Another request is changing the same resource. Please try again.',
};

function authWords(asked: Asked): string {
  return asked.key === null || asked.key === ''
    ? 'x-api-key header is required'
    : 'invalid x-api-key';
}

/**
 * The limits tell when to come back, and how much is left. The one 429 without a hint is that of
 * too many connections at once, and it tells no limits either.
 */
function rateLimit({ hint, limits }: Rejection): Look {
  const told =
    limits !== undefined ||
    hint?.retryAfter !== undefined ||
    hint?.retryAfterMs !== undefined ||
    hint?.retryAfterDateMs !== undefined;
  return {
    status: 429,
    type: 'rate_limit_error',
    code: null,
    message: told ? limitWords(limits) : concurrency + sales,
    retry: true,
    limits: told,
  };
}

const concurrency = 'Number of concurrent connections has exceeded your rate limit. ';
const sales =
  'Please try again later or contact sales at https://www.anthropic.com/contact-sales to discuss ' +
  'your options for a rate limit increase.';

function limitWords(limits: RateLimits | undefined): string {
  const { requests, tokens } = limits ?? {};
  if (tokens?.remaining === 0 && requests?.remaining !== 0) {
    const limit = tokens.limit.toLocaleString('en-US');
    return (
      `This request would exceed the rate limit for your organization of ${limit} input tokens ` +
      'per minute. For details, refer to: https://docs.claude.com/en/api/rate-limits. You can ' +
      'see the response headers for current usage. Please reduce the prompt length or the ' +
      'maximum tokens requested, or try again later. You may also contact sales at ' +
      'https://www.anthropic.com/contact-sales to discuss your options for a rate limit increase.'
    );
  }
  return (
    'Number of requests has exceeded your per-minute rate limit ' +
    '(https://docs.claude.com/en/api/rate-limits); see the response headers for current usage. ' +
    sales
  );
}

/** A request over the whole limit: a 429 like the others, but waiting never helps. */
function overWholeLimit(asked: Asked): Look {
  return {
    status: 429,
    type: 'rate_limit_error',
    code: null,
    message:
      "This request would exceed your organization's rate limit of 450,000 input tokens per " +
      `minute (model: ${asked.model}). For details, refer to: ` +
      'https://docs.claude.com/en/api/rate-limits. Please reduce the prompt length or the ' +
      'maximum tokens requested, or try again later.',
    retry: false,
    limits: true,
  };
}
