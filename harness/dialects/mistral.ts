// Mistral: `object: "error"` without an `error` around it, codes that are numbers in strings, and a
// list of details where a message would stand. After issue threads and its documentation; only
// successes of it are recorded.
// @see https://github.com/cline/cline/issues/9085
import type { Rejection } from '../faults/rejection.ts';
import type { Asked, Reply, Stamp } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';
import { errorReply } from './error-reply.ts';
import type { Look, Looks } from './looks.ts';
import { lookIn, phraseLook } from './looks.ts';

export const mistral: Dialect = {
  name: 'mistral',
  describe: 'Mistral: object "error" without an error member, codes in strings, 422 with details',
  reject,
};

const invalid = 'invalid_request_error';

const looks: Looks = {
  'rate-limit': {
    status: 429,
    type: 'rate_limited',
    code: '1300',
    message: 'Rate limit exceeded',
  },
  overloaded: {
    status: 429,
    type: 'service_tier_capacity_exceeded',
    code: '3505',
    message: 'Service tier capacity exceeded for this model.',
  },
  'server-error': {
    status: 500,
    type: 'internal_server_error',
    code: '1000',
    message: 'Service unavailable.',
  },
  'not-found': {
    status: 400,
    type: 'invalid_model',
    code: '1500',
    message: 'Invalid model: {model}',
  },
  'invalid-request': { status: 422, type: invalid, message: 'Input should be valid' },
  'context-length': {
    status: 400,
    type: 'invalid_request_prompt',
    code: '3051',
    message: 'Prompt contains too many tokens, too large for model {model}',
  },
  auth: { status: 401, message: 'Unauthorized' },
};

function reject(rejection: Rejection, { model }: Asked, stamp: Stamp): Reply {
  const plain = (status: number): Look => phraseLook(status, invalid);
  const look = lookIn(looks, rejection, model, plain);
  const { status, message, type, param, code } = look;
  if (status === 401) return errorReply(status, { detail: message }, rejection, stamp);
  const said = status === 422 ? { detail: [detailOf(message, rejection.param)] } : message;
  const body = { object: 'error', message: said, type, param: param ?? null, code: code ?? null };
  return errorReply(status, { ...body, raw_status_code: status }, rejection, stamp);
}

/** As its schema check reports what is wrong with a body. */
function detailOf(msg: string, param: string | undefined): Record<string, unknown> {
  return { type: 'value_error', loc: ['body', param ?? 'messages'], msg, input: null };
}
