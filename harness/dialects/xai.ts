// xAI: `error` is a sentence and `code` another one, named after the status of gRPC; a wrong key is
// a 400. Recorded: 400, 404, 503, and its 403 inside a recording of OpenRouter; 429 and 500 after
// its documentation.
// @see https://docs.x.ai/docs/key-information/debugging
import type { Rejection } from '../faults/rejection.ts';
import type { Asked, Reply, Stamp } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';
import { errorReply } from './error-reply.ts';
import type { Look, Looks } from './looks.ts';
import { lookIn, phraseLook } from './looks.ts';

export const xai: Dialect = {
  name: 'xai',
  describe: 'xAI: {"code", "error"} with two sentences, 400 for a wrong key',
  reject,
};

const argument = 'Client specified an invalid argument';
const exhausted = 'Some resource has been exhausted';

const looks: Looks = {
  'rate-limit': { status: 429, code: exhausted, message: 'Too many requests for model {model}.' },
  'server-error': { status: 500, code: 'Internal error', message: 'Internal server error.' },
  overloaded: {
    status: 503,
    code: 'The service is currently unavailable',
    message:
      'Service temporarily unavailable. The model is at capacity and currently cannot serve ' +
      'this request. Please try again later.',
  },
  'invalid-request': { status: 400, code: argument, message: 'Invalid request content.' },
  auth: {
    status: 400,
    code: argument,
    message:
      'Incorrect API key provided: ***. You can obtain an API key from https://console.x.ai.',
  },
  'context-length': {
    status: 400,
    code: argument,
    message: "This model's maximum prompt length has been exceeded.",
  },
  permission: {
    status: 403,
    code: 'The caller does not have permission to execute the specified operation',
    message: 'The team has no permission for model {model}.',
  },
  'content-policy': {
    status: 403,
    code: 'The caller does not have permission to execute the specified operation',
    message: 'Content violates usage guidelines.',
  },
  'not-found': {
    status: 404,
    code: 'Some requested entity was not found',
    message: 'The model {model} does not exist or your team does not have access to it.',
  },
  quota: { status: 429, code: exhausted, message: 'Your team has used all available credits.' },
  billing: { status: 429, code: exhausted, message: 'Your team has used all available credits.' },
};

function reject(rejection: Rejection, { model }: Asked, stamp: Stamp): Reply {
  const plain = (status: number): Look => ({ ...phraseLook(status), code: 'Unknown error' });
  const { status, message, code } = lookIn(looks, rejection, model, plain);
  return errorReply(status, { code, error: message }, rejection, stamp);
}
