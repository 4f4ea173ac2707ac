// Groq: OpenAI's body without `param`, its own request ids and region; in a stream an event named
// `error` with the status inside, and no `[DONE]` after it. Recorded: 400, 401, 404, 429 and errors
// inside streams; 413, 498 and 503 after its documentation.
// @see https://console.groq.com/docs/errors
import type { Rejection } from '../faults/rejection.ts';
import { frameOf } from '../wires/frame.ts';
import { waitOf } from '../wires/gateway.ts';
import { letterId } from '../wires/ids.ts';
import type { Asked, Frame, Reply, Stamp } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';
import { errorReply } from './error-reply.ts';
import type { Look, Looks } from './looks.ts';
import { lookIn, phraseLook } from './looks.ts';

export const groq: Dialect = {
  name: 'groq',
  describe: 'Groq: errors without param, retry-after in seconds, an error event with a status',
  reject,
  errorFrames,
};

const invalid = 'invalid_request_error';
const internal = 'internal_server_error';

const looks: Looks = {
  'rate-limit': {
    status: 429,
    type: 'tokens',
    code: 'rate_limit_exceeded',
    message:
      'Rate limit reached for model `{model}` in organization `org_firedrill` service tier ' +
      '`on_demand` on tokens per minute (TPM): Limit 6000, Used 5915, Requested 709.',
  },
  'server-error': { status: 500, type: internal, message: 'Internal Server Error' },
  overloaded: {
    status: 503,
    type: internal,
    message: '{model} is currently over capacity. Please try again and back off exponentially.',
  },
  'invalid-request': { status: 400, type: invalid, message: 'The request is not valid.' },
  'context-length': {
    status: 400,
    type: invalid,
    code: 'context_length_exceeded',
    message: 'Please reduce the length of the messages or completion.',
  },
  auth: { status: 401, type: invalid, code: 'invalid_api_key', message: 'Invalid API Key' },
  'not-found': {
    status: 404,
    type: invalid,
    code: 'model_not_found',
    message: 'The model `{model}` does not exist or you do not have access to it.',
  },
  'too-large': {
    status: 413,
    type: invalid,
    code: 'request_too_large',
    message: 'Request Entity Too Large',
  },
};

function lookOf(rejection: Rejection, { model }: Asked): Look {
  const plain = (status: number): Look => phraseLook(status, status < 500 ? invalid : internal);
  const look = lookIn(looks, rejection, model, plain);
  const ms = waitOf(rejection.hint);
  if (rejection.reason !== 'rate-limit' || rejection.message !== undefined || ms === null) {
    return look;
  }
  return { ...look, message: `${look.message} Please try again in ${ms / 1000}s.` };
}

function errorOf({ message, type, code }: Look): Record<string, unknown> {
  return { message, type, ...(code === undefined ? {} : { code }) };
}

function reject(rejection: Rejection, asked: Asked, stamp: Stamp): Reply {
  const look = lookOf(rejection, asked);
  return errorReply(look.status, { error: errorOf(look) }, rejection, stamp, [
    ['x-groq-region', 'yul'],
    ['x-request-id', letterId('req_', `groq ${stamp.attempt}`, 26).toLowerCase()],
  ]);
}

function errorFrames(rejection: Rejection, asked: Asked): Frame[] | null {
  if (asked.wire !== 'openai-chat') return null;
  const look = lookOf(rejection, asked);
  const error = { ...errorOf(look), status_code: look.status };
  const body = JSON.stringify({ error });
  return [frameOf(asked.stream ? `event: error\ndata: ${body}\n\n` : body, 'error')];
}
