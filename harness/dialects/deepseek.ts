// DeepSeek: OpenAI's body, but a 422 is a text and a 400 is called a stream of octets, so that a
// client which goes by the content type reads neither. Recorded: 400 and 422; 401, 402 and 503
// after issue threads and its documentation.
// @see https://api-docs.deepseek.com/quick_start/error_codes
import type { Rejection } from '../faults/rejection.ts';
import { hexId } from '../wires/ids.ts';
import type { Asked, Reply, Stamp } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';
import { errorReply } from './error-reply.ts';
import type { Look, Looks } from './looks.ts';
import { lookIn, phraseLook } from './looks.ts';

export const deepseek: Dialect = {
  name: 'deepseek',
  describe: 'DeepSeek: 422 as a text, 400 as octets, 402 for an empty balance',
  reject,
};

const invalid = 'invalid_request_error';

const looks: Looks = {
  'rate-limit': { status: 429, type: 'rate_limit_error', message: 'Rate limit reached' },
  'server-error': { status: 500, type: 'server_error', message: 'Server error' },
  overloaded: {
    status: 503,
    type: 'service_unavailable_error',
    message: 'Service is too busy. We advise users to temporarily switch to other providers.',
  },
  'invalid-request': {
    status: 422,
    message:
      'Failed to deserialize the JSON body into the target type: messages[0]: data did not match ' +
      'any variant of untagged enum ChatCompletionRequestContent at line 1 column 96',
  },
  'context-length': {
    status: 400,
    type: invalid,
    code: invalid,
    message:
      "This model's maximum context length is 65536 tokens. Please reduce the length of the " +
      'messages.',
  },
  'not-found': { status: 400, type: invalid, code: invalid, message: 'Model Not Exist' },
  auth: {
    status: 401,
    type: 'authentication_error',
    code: invalid,
    message: 'Authentication Fails, Your api key is invalid',
  },
  billing: { status: 402, type: 'unknown_error', code: invalid, message: 'Insufficient Balance' },
  quota: { status: 402, type: 'unknown_error', code: invalid, message: 'Insufficient Balance' },
};

function reject(rejection: Rejection, { model }: Asked, stamp: Stamp): Reply {
  const plain = (status: number): Look => phraseLook(status, status < 500 ? invalid : null);
  const { status, message, type, param, code } = lookIn(looks, rejection, model, plain);
  const trace: [string, string] = ['x-ds-trace-id', hexId('', `deepseek ${stamp.attempt}`, 32)];
  if (status === 422) return errorReply(status, message, rejection, stamp, [trace]);
  const error = { message, type: type ?? null, param: param ?? null, code: code ?? null };
  const headers: [string, string][] =
    status === 400 ? [['content-type', 'application/octet-stream'], trace] : [trace];
  return errorReply(status, { error }, rejection, stamp, headers);
}
