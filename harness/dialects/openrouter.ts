// OpenRouter, a router over other providers: codes are numbers, the provider's own error lies in
// `metadata`, and once tokens flow an error comes inside the 200. Recorded: 400, 401, 403, 404, 429
// of both sorts; the rest, and errors inside streams, after its documentation.
// @see https://openrouter.ai/docs/api/reference/errors-and-debugging
import type { Rejection } from '../faults/rejection.ts';
import { commentFrame, frameOf } from '../wires/frame.ts';
import { waitOf } from '../wires/gateway.ts';
import { answeredAt, letterId } from '../wires/ids.ts';
import type { Asked, Frame, Reply, Stamp } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';
import { errorReply, type Header } from './error-reply.ts';
import type { Look, Looks } from './looks.ts';
import { lookIn, phraseLook } from './looks.ts';

export const openrouter: Dialect = {
  name: 'openrouter',
  describe: 'OpenRouter: numeric codes, metadata of the provider behind it, errors inside a 200',
  reject,
  errorFrames,
  keepalive: (form) => (form === 'empty-delta' ? null : commentFrame('OPENROUTER PROCESSING')),
};

const behind = 'Provider returned error';

const looks: Looks = {
  'rate-limit': { status: 429, message: 'Rate limit exceeded: free-models-per-min. ' },
  'server-error': { status: 502, message: behind },
  overloaded: { status: 503, message: 'No allowed providers are available for {model}.' },
  timeout: { status: 408, message: 'Request timed out' },
  'invalid-request': { status: 400, message: behind },
  'context-length': { status: 400, message: behind },
  'content-policy': {
    status: 403,
    message: '{model} requires moderation. Your input was flagged.',
  },
  auth: { status: 401, message: 'No auth credentials found' },
  billing: { status: 402, message: 'Insufficient credits. Add more credits and retry.' },
  quota: { status: 402, message: 'Insufficient credits. Add more credits and retry.' },
  permission: { status: 403, message: behind },
  'not-found': { status: 404, message: 'No endpoints found for {model}.' },
};

/** A 429 for a model that is overloaded is the limit of the provider behind it. */
function lookOf(rejection: Rejection, { model }: Asked): Look {
  const { reason, status, message = behind } = rejection;
  const look = lookIn(looks, rejection, model, phraseLook);
  return reason === 'overloaded' && status === 429 ? { ...look, message } : look;
}

/** Its code is the status, unless the rule has one of its own. */
function errorOf(rejection: Rejection, asked: Asked, stamp: Stamp): Record<string, unknown> {
  const { status, message, code } = lookOf(rejection, asked);
  const metadata = metadataOf(rejection, message, asked, stamp);
  return { message, code: code ?? status, ...(metadata ? { metadata } : {}) };
}

function reject(rejection: Rejection, asked: Asked, stamp: Stamp): Reply {
  const { status } = lookOf(rejection, asked);
  const body = { error: errorOf(rejection, asked, stamp) };
  const known = status === 401 ? body : { ...body, user_id: 'user_firedrill' };
  const headers: Header[] =
    rejection.reason === 'rate-limit'
      ? Object.entries(limitsOf(rejection, stamp)).map(([name, value]) => [
          name.toLowerCase(),
          value,
        ])
      : [];
  return errorReply(status, known, rejection, stamp, headers);
}

function metadataOf(
  rejection: Rejection,
  message: string,
  { model }: Asked,
  stamp: Stamp,
): Record<string, unknown> | null {
  if (rejection.reason === 'rate-limit') {
    return { headers: limitsOf(rejection, stamp), provider_name: null };
  }
  if (rejection.reason === 'content-policy') {
    const flagged = { reasons: ['violence'], flagged_input: '', provider_name: 'Firedrill' };
    return { ...flagged, model_slug: model };
  }
  if (message !== behind) return null;
  const raw = JSON.stringify({ error: { message: rejection.reason } });
  return { provider_name: 'Firedrill', raw };
}

/** The reset is an instant in epoch ms, unlike OpenAI's durations. */
function limitsOf(rejection: Rejection, stamp: Stamp): Record<string, string> {
  const reset = stamp.now + (waitOf(rejection.hint) ?? 60_000);
  return {
    'X-RateLimit-Limit': '20',
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-Reset': String(reset),
  };
}

/** A chunk that ends with the finish reason `error`; no `[DONE]` follows. */
function errorFrames(rejection: Rejection, asked: Asked, stamp: Stamp): Frame[] | null {
  if (asked.wire !== 'openai-chat') return null;
  const error = errorOf(rejection, asked, stamp);
  if (!asked.stream) return [frameOf(JSON.stringify({ error }), 'error')];
  const chunk = {
    id: letterId('gen-', `error ${stamp.attempt}`, 24),
    object: 'chat.completion.chunk',
    created: answeredAt,
    model: asked.model,
    provider: 'Firedrill',
    error,
    choices: [{ index: 0, delta: { content: '' }, finish_reason: 'error' }],
  };
  return [frameOf(`data: ${JSON.stringify(chunk)}\n\n`, 'error')];
}
