// vLLM, which people run themselves: `object: "error"` without an `error` around it, the code is
// the status. In a stream the same object lies inside `error`, and `[DONE]` follows. After its own
// source; later releases put `error` around every body, and need no dialect.
// @see https://github.com/vllm-project/vllm
import type { Rejection } from '../faults/rejection.ts';
import { frameOf } from '../wires/frame.ts';
import { phraseOf } from '../wires/gateway.ts';
import type { Asked, Frame, Reply, Stamp } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';
import { errorReply } from './error-reply.ts';
import type { Look, Looks } from './looks.ts';
import { lookIn } from './looks.ts';

export const vllm: Dialect = {
  name: 'vllm',
  describe: 'vLLM: object "error" without an error member, types like BadRequestError',
  reject,
  errorFrames,
};

const looks: Looks = {
  'invalid-request': { status: 400, type: 'BadRequestError', message: 'The request is invalid.' },
  'context-length': {
    status: 400,
    type: 'BadRequestError',
    message:
      "This model's maximum context length is 16384 tokens. However, you requested 122946 tokens " +
      '(112946 in the messages, 10000 in the completion). Please reduce the length of the ' +
      'messages or completion.',
  },
  'not-found': {
    status: 404,
    type: 'NotFoundError',
    message: 'The model `{model}` does not exist.',
  },
  'server-error': {
    status: 500,
    type: 'InternalServerError',
    message: 'EngineCore encountered an issue. See stack trace (above) for the root cause.',
  },
};

/** Named after the status, as Python's `HTTPStatus` does. */
function plain(status: number): Look {
  const phrase = phraseOf(status);
  return { status, message: phrase, type: `${phrase.replaceAll(' ', '')}Error` };
}

function errorOf(rejection: Rejection, { model }: Asked): Record<string, unknown> {
  const look = lookIn(looks, rejection, model, plain);
  const { status, message, type, param, code } = look;
  return { object: 'error', message, type, param: param ?? null, code: code ?? status };
}

function reject(rejection: Rejection, asked: Asked, stamp: Stamp): Reply {
  const { status } = lookIn(looks, rejection, asked.model, plain);
  // Its check of keys stands before everything else and knows one word.
  if (status === 401) {
    const error = rejection.message ?? 'Unauthorized';
    return errorReply(status, { error }, rejection, stamp);
  }
  return errorReply(status, errorOf(rejection, asked), rejection, stamp);
}

function errorFrames(rejection: Rejection, asked: Asked): Frame[] | null {
  if (asked.wire !== 'openai-chat') return null;
  const body = JSON.stringify({ error: errorOf(rejection, asked) });
  if (!asked.stream) return [frameOf(body, 'error')];
  return [frameOf(`data: ${body}\n\n`, 'error'), frameOf('data: [DONE]\n\n', 'closing', 0, true)];
}
