// Cerebras: the error is the whole body, without an `error` around it, and the hint is
// `retry-after-ms` alone. Recorded: 429; the other codes after its documentation.
// @see https://inference-docs.cerebras.ai/support/error
import type { Hint, Rejection } from '../faults/rejection.ts';
import { waitOf } from '../wires/gateway.ts';
import type { Asked, Reply, Stamp } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';
import { errorReply } from './error-reply.ts';
import type { Look, Looks } from './looks.ts';
import { lookIn, phraseLook } from './looks.ts';

export const cerebras: Dialect = {
  name: 'cerebras',
  describe: 'Cerebras: a body without an error member, retry-after-ms alone',
  reject,
};

const invalid = 'invalid_request_error';

const looks: Looks = {
  'rate-limit': {
    status: 429,
    type: 'too_many_requests_error',
    param: 'quota',
    code: 'request_quota_exceeded',
    message: 'Requests per second limit exceeded - too many requests sent.',
  },
  overloaded: {
    status: 503,
    type: 'server_error',
    code: 'service_unavailable',
    message: 'The service is temporarily unavailable. Please try again shortly.',
  },
  'invalid-request': { status: 400, type: invalid, message: 'The request is not valid.' },
  'context-length': {
    status: 400,
    type: invalid,
    param: 'messages',
    code: 'context_length_exceeded',
    message: 'Please reduce the length of the messages or completion.',
  },
  auth: {
    status: 401,
    type: invalid,
    param: 'api_key',
    code: 'wrong_api_key',
    message: 'Wrong API Key',
  },
  'not-found': {
    status: 404,
    type: 'not_found_error',
    param: 'model',
    code: 'model_not_found',
    message: 'Model {model} does not exist or you do not have access to it.',
  },
};

function reject(rejection: Rejection, { model }: Asked, stamp: Stamp): Reply {
  const plain = (status: number): Look =>
    phraseLook(status, status < 500 ? invalid : 'server_error');
  const { status, message, type, param, code } = lookIn(looks, rejection, model, plain);
  const body = { message, type, param: param ?? null, code: code ?? null };
  return errorReply(status, body, { ...rejection, ...inMs(rejection.hint) }, stamp);
}

/** Seconds become ms; what is no time at all is sent as it is. */
function inMs(hint: Hint | undefined): { hint?: Hint } {
  const ms = waitOf(hint);
  if (!hint || ms === null) return hint ? { hint } : {};
  const { retryAfter: _seconds, retryAfterDateMs: _date, ...rest } = hint;
  return { hint: { ...rest, retryAfterMs: hint.retryAfterMs ?? String(Math.round(ms)) } };
}
