// Status, type, code, parameter and words of every rejection of OpenAI, per reason and wire.
import type { Reason, Rejection } from '../faults/rejection.ts';
import { tokensOf } from '../upstream/tokens.ts';
import { phraseOf, upstreamText, waitOf } from './gateway.ts';
import { openAiDetail } from './openai-detail.ts';
import type { Asked } from './wire.ts';

export interface Look {
  status: number;
  type: string;
  code: string | null;
  param: string | null;
  message: string;
}

/** The look of a rejection: its reason's own, unless its status is that of something else. */
export function lookOf(rejection: Rejection, asked: Asked, requestId: string): Look {
  let look = ownLook(rejection.reason, rejection, asked, requestId);
  const status = rejection.status ?? look.status;
  if (status !== look.status) {
    const reason = reasonsByStatus[status];
    if (rejection.reason === 'too-large' && status === 429) look = tooManyTokens(asked);
    else if (rejection.reason === 'not-found' && status === 404) look = modelNotThere(asked);
    else if (reason !== undefined) look = ownLook(reason, rejection, asked, requestId);
    else look = plain(status);
    look.status = status;
  }
  Object.assign(look, openAiDetail(rejection, asked));
  if (rejection.message !== undefined) look.message = rejection.message;
  if (rejection.code !== undefined) look.code = rejection.code;
  if (rejection.param !== undefined) look.param = rejection.param;
  return look;
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
  503: 'overloaded',
};

function plain(status: number): Look {
  const type = status >= 500 ? 'server_error' : 'invalid_request_error';
  return { status, type, code: null, param: null, message: phraseOf(status) };
}

function ownLook(reason: Reason, rejection: Rejection, asked: Asked, requestId: string): Look {
  const chat = asked.wire === 'openai-chat';
  const invalid = (code: string | null, param: string | null, message: string): Look => {
    return { status: 400, type: 'invalid_request_error', code, param, message };
  };
  const look = (status: number, type: string, code: string | null, message: string): Look => {
    return { status, type, code, param: null, message };
  };
  switch (reason) {
    case 'rate-limit':
      return rateLimitLook(rejection, asked);
    case 'quota':
      return look(429, 'insufficient_quota', 'insufficient_quota', words.quota);
    case 'billing':
      return look(429, 'insufficient_quota', 'credit_balance_exhausted', words.billing);
    case 'server-error':
      return look(500, 'server_error', 'server_error', serverErrorWords(requestId));
    case 'overloaded':
      return look(503, 'service_unavailable_error', 'server_is_overloaded', words.overloaded);
    case 'timeout':
      return look(504, 'server_error', null, upstreamText(504));
    case 'invalid-request':
      return invalid(null, null, words.invalid);
    case 'context-length':
      return invalid('context_length_exceeded', chat ? 'messages' : 'input', words.context);
    case 'content-policy':
      return invalid('invalid_prompt', null, words.policy);
    case 'auth':
      return authLook(asked);
    case 'permission':
      return { ...invalid(null, null, words.permission), status: 403 };
    case 'not-found':
      return asked.wire !== 'openai-responses'
        ? look(404, 'invalid_request_error', 'model_not_found', unknownModelWords(asked.model))
        : invalid(
            'model_not_found',
            'model',
            `The requested model '${asked.model}' does not exist.`,
          );
    case 'conflict':
      return { ...invalid(null, null, words.conflict), status: 409 };
    case 'too-large':
      return { ...invalid(null, null, words.tooLarge), status: 413 };
    default:
      return reason satisfies never;
  }
}

const words = {
  quota:
    'You exceeded your current quota, please check your plan and billing details. For more ' +
    'information on this error, read the docs: ' +
    'https://platform.openai.com/docs/guides/error-codes/api-errors.',
  billing:
    'Your credit balance is exhausted. Add credits to continue: ' +
    'https://platform.openai.com/account/billing.',
  overloaded: 'Our servers are currently overloaded. Please try again later.',
  invalid: 'Invalid request. Please check your parameters and try again.',
  context:
    'Your input exceeds the context window of this model. Please adjust your input and try again.',
  policy:
    'Invalid prompt: your prompt was flagged as potentially violating our usage policy. ' +
    'Please try again with a different prompt.',
  permission: 'You are not allowed to sample from this model',
  conflict: 'Another request is changing the same resource. Please try again.',
  tooLarge: 'The request body is too large.',
  noKey:
    "You didn't provide an API key. You need to provide your API key in an Authorization header " +
    'using Bearer auth (i.e. Authorization: Bearer YOUR_KEY).',
};

function unknownModelWords(model: string): string {
  return `The model \`${model}\` does not exist or you do not have access to it.`;
}

/** OpenAI shows ends of the key; nothing of it is shown here, so that none can reach a report. */
function authLook(asked: Asked): Look {
  const missing = asked.key === null || asked.key === '';
  return {
    status: 401,
    type: 'invalid_request_error',
    code: missing ? null : 'invalid_api_key',
    param: null,
    message: missing
      ? words.noKey
      : 'Incorrect API key provided: ***. You can find your API key at ' +
        'https://platform.openai.com/account/api-keys.',
  };
}

/** A model that responses know by name, and do not have: unlike an unknown one a 404. */
function modelNotThere({ model }: Asked): Look {
  const message = `Model not found ${model}`;
  return { status: 404, type: 'invalid_request_error', code: null, param: 'model', message };
}

function serverErrorWords(requestId: string): string {
  return (
    'An error occurred while processing your request. You can retry your request, or contact us ' +
    'through our help center at help.openai.com if the error persists. Please include the ' +
    `request ID ${requestId} in your message.`
  );
}

/** Which of its limits is used up, and how far: the figures of an idle account unless given. */
function rateLimitLook({ hint, limits = {} }: Rejection, asked: Asked): Look {
  const { requests, tokens } = limits;
  const byTokens = tokens !== undefined && (requests === undefined || requests.remaining > 0);
  const { limit, remaining } = (byTokens ? tokens : requests) ?? { limit: 500, remaining: 0 };
  const [type, named, requested] = byTokens
    ? ['tokens', 'tokens per min (TPM)', Math.max(tokensWanted(asked), remaining + 1)]
    : ['requests', 'requests per min (RPM)', 1];
  const ms = waitOf(hint);
  const wait = ms === null ? '' : ` Please try again in ${goDuration(ms)}.`;
  const message =
    `Rate limit reached for ${asked.model} in organization org-firedrill on ${named}: ` +
    `Limit ${limit}, Used ${limit - remaining}, Requested ${requested}.${wait} ` +
    'Visit https://platform.openai.com/account/rate-limits to learn more.';
  return { status: 429, type, code: 'rate_limit_exceeded', param: null, message };
}

/** What a request counts as before it is answered: what it says and the most that comes back. */
function tokensWanted({ turns, maxTokens }: Asked): number {
  return turns.reduce((sum, { text }) => sum + tokensOf(text), maxTokens ?? 0);
}

/** A request that is over the whole limit: a 429 like the others, but waiting never helps. */
function tooManyTokens(asked: Asked): Look {
  return {
    status: 429,
    type: 'tokens',
    code: 'rate_limit_exceeded',
    param: null,
    message:
      `Request too large for ${asked.model} in organization org-firedrill on tokens per min ` +
      '(TPM): Limit 400000, Requested 2500013. The input or output tokens must be reduced in ' +
      'order to run successfully. Visit https://platform.openai.com/account/rate-limits to ' +
      'learn more.',
  };
}

/** A duration as Go prints it: `12ms`, `8.64s`, `21m36.001s`. */
export function goDuration(ms: number): string {
  if (ms < 1000) return `${Math.max(0, Math.round(ms))}ms`;
  const minutes = Math.floor(ms / 60_000);
  const hours = Math.floor(minutes / 60);
  const seconds = Math.round(ms - minutes * 60_000) / 1000;
  const head = hours > 0 ? `${hours}h${minutes % 60}m` : minutes > 0 ? `${minutes}m` : '';
  return `${head}${seconds}s`;
}
