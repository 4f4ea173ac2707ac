// Status, code and words of every rejection of Google, per reason. Codes are those of google.rpc.
// @see https://ai.google.dev/gemini-api/docs/troubleshooting
import type { Reason, Rejection } from '../faults/rejection.ts';
import { phraseOf } from './gateway.ts';
import { isVertex } from './gemini-request.ts';
import type { Asked } from './wire.ts';

export interface Look {
  status: number;
  /** `error.status`. */
  code: string;
  message: string;
  /** Which quota is used up, where the body names one. */
  quota: 'minute' | 'day' | null;
  /** Of `google.rpc.ErrorInfo`. */
  info: string | null;
}

/** The look of a rejection: its reason's own, unless its status is that of something else. */
export function lookOf(rejection: Rejection, asked: Asked, hinted: boolean): Look {
  let look = ownLook(rejection.reason, asked, hinted);
  const status = rejection.status ?? look.status;
  if (status !== look.status) {
    const reason = reasonsByStatus[status];
    look = reason === undefined ? plain(status) : ownLook(reason, asked, hinted);
    if (look.status !== status) look = plain(status);
  }
  const { message = look.message, code = look.code } = rejection;
  return { ...look, status, message, code };
}

const reasonsByStatus: Readonly<Record<number, Reason>> = {
  400: 'invalid-request',
  403: 'permission',
  404: 'not-found',
  409: 'conflict',
  429: 'rate-limit',
  500: 'server-error',
  503: 'overloaded',
  504: 'timeout',
};

const codes: Readonly<Record<number, string>> = {
  400: 'INVALID_ARGUMENT',
  401: 'UNAUTHENTICATED',
  403: 'PERMISSION_DENIED',
  404: 'NOT_FOUND',
  409: 'ABORTED',
  429: 'RESOURCE_EXHAUSTED',
  499: 'CANCELLED',
  500: 'INTERNAL',
  501: 'UNIMPLEMENTED',
  503: 'UNAVAILABLE',
  504: 'DEADLINE_EXCEEDED',
};

function plain(status: number): Look {
  if (status === 401) return look(401, words.unauthenticated);
  if (status === 499) return look(499, 'The operation was cancelled.');
  return look(status, phraseOf(status));
}

function look(status: number, message: string, more: Partial<Look> = {}): Look {
  const code = codes[status] ?? (status < 500 ? 'INVALID_ARGUMENT' : 'UNKNOWN');
  return { status, code, message, quota: null, info: null, ...more };
}

function ownLook(reason: Reason, asked: Asked, hinted: boolean): Look {
  switch (reason) {
    case 'rate-limit':
      return rateLimit(asked, hinted);
    case 'quota':
      return look(429, words.quota, { quota: 'day' });
    case 'billing':
      return look(400, words.billing, { code: 'FAILED_PRECONDITION' });
    case 'server-error':
      return look(500, words.internal);
    case 'overloaded':
      return look(503, 'The model is overloaded. Please try again later.');
    case 'timeout':
      return look(504, 'Deadline expired before operation could complete.');
    case 'invalid-request':
    case 'content-policy':
      return look(400, 'Request contains an invalid argument.');
    case 'context-length':
      return look(400, words.context);
    case 'auth':
      return auth(asked);
    case 'permission':
      return look(403, 'The caller does not have permission');
    case 'not-found':
      return look(404, notFound(asked));
    case 'conflict':
      return look(409, 'The operation was aborted.');
    case 'too-large':
      return look(400, 'Request payload size exceeds the limit: 20971520 bytes.');
    default:
      return reason satisfies never;
  }
}

const words = {
  quota:
    'You exceeded your current quota, please check your plan and billing details. For more ' +
    'information on this error, head to: https://ai.google.dev/gemini-api/docs/rate-limits.',
  exhausted: 'Resource has been exhausted (e.g. check quota).',
  exhaustedVertex:
    'Resource exhausted. Please try again later. Please refer to ' +
    'https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.',
  billing:
    'Gemini API free tier is not available in your country. Please enable billing on your ' +
    'project in Google AI Studio.',
  internal:
    'An internal error has occurred. Please retry or report in ' +
    'https://developers.generativeai.google/guide/troubleshooting',
  context: 'The input token count exceeds the maximum number of tokens allowed (1048576).',
  badKey: 'API key not valid. Please pass a valid API key.',
  noKey:
    "Method doesn't allow unregistered callers (callers without established identity). Please " +
    'use API Key or other form of API consumer identity to call this API.',
  unauthenticated:
    'Request had invalid authentication credentials. Expected OAuth 2 access token, login cookie ' +
    'or other valid authentication credential. See ' +
    'https://developers.google.com/identity/sign-in/web/devconsole-project.',
};

/** Only where it says when to come back does it also say which quota is used up. */
function rateLimit(asked: Asked, hinted: boolean): Look {
  if (isVertex(asked)) return look(429, words.exhaustedVertex);
  return hinted ? look(429, words.quota, { quota: 'minute' }) : look(429, words.exhausted);
}

/** A key that is wrong is an invalid argument; one that is missing is not. */
function auth(asked: Asked): Look {
  if (isVertex(asked)) return look(401, words.unauthenticated);
  const missing = asked.key === null || asked.key === '';
  return missing ? look(403, words.noKey) : look(400, words.badKey, { info: 'API_KEY_INVALID' });
}

function notFound(asked: Asked): string {
  const { model, version, stream } = asked;
  if (isVertex(asked)) {
    return (
      `Publisher Model \`publishers/google/models/${model}\` was not found or your project does ` +
      'not have access to it. Please ensure you are using a valid model version.'
    );
  }
  const method = stream ? 'streamGenerateContent' : 'generateContent';
  return (
    `models/${model} is not found for API version ${version}, or is not supported for ${method}. ` +
    'Call ListModels to see the list of available models and their supported methods.'
  );
}
