// Azure OpenAI. Recorded: 400 of the content filter and of parameters, 401, 408, 413, 429, unknown
// model; the words for system-wide demand are after the documentation, not recorded.
// @see https://learn.microsoft.com/azure/ai-services/openai/how-to/quota
import type { Hint, Rejection } from '../faults/rejection.ts';
import { waitOf } from '../wires/gateway.ts';
import { hexId } from '../wires/ids.ts';
import { openAiError, openAiReject } from '../wires/openai-error.ts';
import type { Asked, Reply, Stamp } from '../wires/wire.ts';
import type { Dialect } from './dialect.ts';
import { errorReply, type Header } from './error-reply.ts';

export const azure: Dialect = {
  name: 'azure',
  describe: 'Azure OpenAI: content filter with innererror, RateLimitReached, retry-after-ms',
  reject,
};

function reject(rejection: Rejection, asked: Asked, stamp: Stamp): Reply | null {
  const headers = idsOf(asked, stamp);
  const told = (status: number, code: string, message: string, more = {}): Reply => {
    const error = { code: rejection.code ?? code, message: rejection.message ?? message, ...more };
    return errorReply(rejection.status ?? status, { error }, rejection, stamp, headers);
  };
  const { reason, status } = rejection;
  if (reason === 'rate-limit' || (reason === 'overloaded' && (status ?? 429) === 429)) {
    return limited(rejection, asked, stamp, headers);
  }
  if (reason === 'content-policy' && (status ?? 400) === 400) {
    const error = { ...filtered, message: rejection.message ?? filtered.message };
    return errorReply(400, { error }, rejection, stamp, headers);
  }
  if (reason === 'auth') return told(401, '401', words.auth);
  if (reason === 'not-found' && status === 404) return told(404, '404', 'Resource not found');
  if (reason === 'not-found') {
    const message = rejection.message ?? `Unknown model: ${asked.model}`;
    return told(400, 'unknown_model', message, { details: message });
  }
  if ((status ?? ownStatus[reason]) === 413) return text(413, words.tooLarge);
  if ((status ?? ownStatus[reason]) === 408) return text(408, words.timeout);
  const own = openAiReject(rejection, asked, stamp);
  // What the edge of OpenAI says as a page or a text has no place here.
  if (own.frames.length === 0 || !isJson(own)) {
    return told(own.status, String(own.status), openAiError(rejection, asked, stamp).message);
  }
  const kept = own.headers.filter(([name]) => !name.startsWith('openai-'));
  return { ...own, headers: [...kept, ...headers.filter(([name]) => name !== 'x-request-id')] };

  function text(status: number, said: string): Reply {
    const body = `${rejection.message ?? said}\n${words.guide}`;
    return errorReply(status, body, rejection, stamp, headers);
  }
}

const ownStatus: Readonly<Record<string, number>> = { 'too-large': 413, timeout: 408 };

/** Both headers, as its 429s have: one follows from the other where the rule gives one only. */
function limited(rejection: Rejection, asked: Asked, stamp: Stamp, ids: Header[]): Reply {
  const { reason } = rejection;
  const own = `Your requests to ${asked.model} for ${asked.model} in East US have exceeded rate limit.`;
  const message = rejection.message ?? (reason === 'overloaded' ? words.demand : own);
  const code = rejection.code ?? (reason === 'overloaded' ? '429' : 'RateLimitReached');
  const error = { code, message, ...(reason === 'overloaded' ? {} : { details: message }) };
  const hinted: Rejection = { ...rejection, ...both(rejection.hint) };
  return errorReply(rejection.status ?? 429, { error }, hinted, stamp, [
    ...ids,
    ['x-ratelimit-remaining-requests', '0'],
    ['x-ratelimit-remaining-tokens', '0'],
  ]);
}

function both(hint: Hint | undefined): { hint?: Hint } {
  const ms = waitOf(hint);
  if (!hint || ms === null || hint.retryAfterDateMs !== undefined) return hint ? { hint } : {};
  return {
    hint: {
      retryAfter: String(Math.ceil(ms / 1000)),
      retryAfterMs: String(Math.round(ms)),
      ...hint,
    },
  };
}

const words = {
  auth:
    'Access denied due to invalid subscription key or wrong API endpoint. Make sure to provide a ' +
    'valid key for an active subscription and use a correct regional API endpoint for your ' +
    'resource.',
  demand:
    'The system is currently experiencing high demand and cannot process your request. Please ' +
    'retry later; the limit of your own deployment has not been reached.',
  tooLarge: 'Failed to buffer the request body: length limit exceeded',
  timeout: 'upstream request timeout',
  guide:
    'Please check this guide to understand why this error code might have been returned \n' +
    'https://docs.microsoft.com/en-us/azure/machine-learning/how-to-troubleshoot-online-endpoints#http-status-codes\n',
};

const safe = { filtered: false, severity: 'safe' };
const filtered = {
  message:
    "The response was filtered due to the prompt triggering Azure OpenAI's content management " +
    'policy. Please modify your prompt and retry. To learn more about our content filtering ' +
    'policies please read our documentation: https://go.microsoft.com/fwlink/?linkid=2198766',
  type: null,
  param: 'prompt',
  code: 'content_filter',
  status: 400,
  innererror: {
    code: 'ResponsibleAIPolicyViolation',
    content_filter_result: {
      hate: safe,
      jailbreak: { filtered: false, detected: false },
      self_harm: { filtered: true, severity: 'medium' },
      sexual: safe,
      violence: safe,
    },
  },
};

function idsOf({ model }: Asked, { attempt }: Stamp): Header[] {
  const id = hexId('', `azure ${attempt}`, 32);
  const uuid = id.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
  return [
    ['apim-request-id', uuid],
    ['x-request-id', uuid],
    ['x-ms-region', 'East US'],
    ['x-ms-deployment-name', model],
  ];
}

function isJson({ headers }: Reply): boolean {
  return headers.some(([name, value]) => name === 'content-type' && value.includes('json'));
}
