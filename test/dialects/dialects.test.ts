import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import type { Dialect } from '../../harness/dialects/dialect.ts';
import { errorReply } from '../../harness/dialects/error-reply.ts';
import { inDialect } from '../../harness/dialects/in-dialect.ts';
import { dialects } from '../../harness/dialects/index.ts';
import { lookIn, phraseLook } from '../../harness/dialects/looks.ts';
import type { Reason, Rejection } from '../../harness/faults/rejection.ts';
import { reasons } from '../../harness/faults/rejection.ts';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import { decided } from '../faults/decide.ts';
import { fetchOf, noon, stamp } from '../wires/served.ts';
import type { HostName } from './told.ts';
import { baseUrls, model, rejecting, toldBy } from './told.ts';

const hosts = Object.keys(baseUrls) as HostName[];

/** Class, status and code as the SDK shows them; `undefined` where the body hides the code. */
type Row = [host: HostName, reason: Reason, name: string, status: number, code: unknown];

const rows: Row[] = [
  ['azure', 'rate-limit', 'RateLimitError', 429, 'RateLimitReached'],
  ['azure', 'overloaded', 'RateLimitError', 429, '429'],
  ['azure', 'content-policy', 'BadRequestError', 400, 'content_filter'],
  ['azure', 'auth', 'AuthenticationError', 401, '401'],
  ['azure', 'not-found', 'BadRequestError', 400, 'unknown_model'],
  ['azure', 'too-large', 'APIError', 413, undefined],
  ['azure', 'timeout', 'APIError', 408, undefined],
  ['openrouter', 'rate-limit', 'RateLimitError', 429, 429],
  ['openrouter', 'server-error', 'InternalServerError', 502, 502],
  ['openrouter', 'overloaded', 'InternalServerError', 503, 503],
  ['openrouter', 'billing', 'APIError', 402, 402],
  ['openrouter', 'content-policy', 'PermissionDeniedError', 403, 403],
  ['openrouter', 'timeout', 'APIError', 408, 408],
  ['openrouter', 'auth', 'AuthenticationError', 401, 401],
  ['openrouter', 'not-found', 'NotFoundError', 404, 404],
  ['groq', 'rate-limit', 'RateLimitError', 429, 'rate_limit_exceeded'],
  ['groq', 'auth', 'AuthenticationError', 401, 'invalid_api_key'],
  ['groq', 'not-found', 'NotFoundError', 404, 'model_not_found'],
  ['groq', 'overloaded', 'InternalServerError', 503, undefined],
  ['cerebras', 'rate-limit', 'RateLimitError', 429, 'request_quota_exceeded'],
  ['cerebras', 'auth', 'AuthenticationError', 401, 'wrong_api_key'],
  ['mistral', 'rate-limit', 'RateLimitError', 429, '1300'],
  ['mistral', 'invalid-request', 'UnprocessableEntityError', 422, null],
  ['deepseek', 'invalid-request', 'UnprocessableEntityError', 422, undefined],
  ['deepseek', 'not-found', 'BadRequestError', 400, 'invalid_request_error'],
  ['deepseek', 'billing', 'APIError', 402, 'invalid_request_error'],
  ['xai', 'auth', 'BadRequestError', 400, undefined],
  ['xai', 'overloaded', 'InternalServerError', 503, undefined],
  ['xai', 'not-found', 'NotFoundError', 404, undefined],
  ['zai', 'overloaded', 'RateLimitError', 429, '1305'],
  ['zai', 'rate-limit', 'RateLimitError', 429, '1302'],
  ['zai', 'quota', 'RateLimitError', 429, '1308'],
  ['vllm', 'context-length', 'BadRequestError', 400, 400],
  ['vllm', 'not-found', 'NotFoundError', 404, 404],
  ['vllm', 'auth', 'AuthenticationError', 401, undefined],
];

const told = (host: HostName, rejection: Rejection) => toldBy(host, rejecting(rejection));

describe('an error of a host, as OpenAI’s SDK shows it', () => {
  it.each(rows)('%s, %s: %s %i, code %s', async (host, reason, name, status, code) => {
    for (const stream of [false, true]) {
      const { error } = await toldBy(host, rejecting({ reason }), { stream });
      expect(error).toMatchObject({ class: name, status, code });
    }
  });

  it.each(hosts)('%s keeps status, words and hints of a rule for every reason', async (host) => {
    for (const reason of reasons) {
      const rejection: Rejection = { reason, status: 418, message: 'Told so.' };
      const { error, body } = await told(host, { ...rejection, hint: { shouldRetry: true } });
      expect(error, reason).toMatchObject({ status: 418 });
      expect(body, reason).toContain('Told so.');
      const { headers } = await told(host, { ...rejection, hint: { shouldRetry: true } });
      expect(headers.get('x-should-retry'), reason).toBe('true');
      expect(headers.get('date'), reason).toBe(new Date(noon).toUTCString());
    }
  });

  it.each(hosts)('%s shows every status from 400 to 599 with its number', async (host) => {
    for (let status = 400; status < 600; status++) {
      const { error } = await told(host, { reason: 'server-error', status });
      expect(error).toMatchObject({ status });
    }
  });

  it.each(hosts)(
    '%s leaves to gateways what gateways say, and answers as OpenAI does',
    async (host) => {
      const page = await told(host, { reason: 'server-error', status: 502, body: 'html' });
      expect(page.body).toMatch(/^<html>/);
      const nested = await told(host, { reason: 'auth', body: 'nested' });
      expect(JSON.parse(nested.body).error.message).toBe('Upstream provider returned an error');
      for (const stream of [false, true]) {
        const healthy = await toldBy(host, { kind: 'limits', limits: {} }, { stream });
        expect(healthy).toMatchObject({ error: null, text: 'Your parcel is on its way.' });
      }
    },
  );

  it.each(hosts)('%s never repeats the key', async (host) => {
    expect((await told(host, { reason: 'auth' })).body).not.toContain('sk-test');
  });
});

it('a host that nobody knew takes no more than a function, and no change of a fault', async () => {
  const looks = { 'rate-limit': { status: 429, message: 'Slow down, {model} is busy.' } };
  const acme: Dialect = {
    ...dialects.vllm,
    reject(rejection, asked, given) {
      const { status, message } = lookIn(looks, rejection, asked.model, phraseLook);
      return errorReply(status, { fault: { text: message, http: status } }, rejection, given);
    },
  };
  const spoken = inDialect(openaiChat, acme);
  for (const [inject, status, text] of [
    ['rate-limit', 429, 'Slow down, a-model is busy.'],
    ['overloaded', 503, 'Service Unavailable'],
  ] as const) {
    const effect = decided(`{ inject: ${inject} }`);
    if (effect?.kind !== 'reject') throw new Error(`${inject} rejects nothing`);
    const fetch = fetchOf(spoken, (asked) => spoken.reject(effect.rejection, asked, stamp));
    const client = new OpenAI({ apiKey: 'k', fetch, maxRetries: 0 });
    const error = await client.chat.completions
      .create({ model, messages: [] })
      .catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status, error: { fault: { text, http: status } } });
  }
});

describe('Azure', () => {
  it('says why its filter stepped in', async () => {
    const { body } = await told('azure', { reason: 'content-policy' });
    const { error } = JSON.parse(body);
    expect(error).toMatchObject({ param: 'prompt', status: 400 });
    expect(error.innererror.code).toBe('ResponsibleAIPolicyViolation');
    expect(error.innererror.content_filter_result.self_harm.filtered).toBe(true);
  });

  it('sends both hints, and what a rule says of either as it is', async () => {
    const hints = async (hint: Rejection['hint']) => {
      const { headers } = await told('azure', { reason: 'rate-limit', ...(hint ? { hint } : {}) });
      return [headers.get('retry-after'), headers.get('retry-after-ms')];
    };
    expect(await hints({ retryAfter: '2' })).toEqual(['2', '2000']);
    expect(await hints({ retryAfterMs: '1500' })).toEqual(['2', '1500']);
    expect(await hints({ retryAfter: '1', retryAfterMs: '0' })).toEqual(['1', '0']);
    expect(await hints({ retryAfter: 'soon' })).toEqual(['soon', null]);
    expect(await hints(undefined)).toEqual([null, null]);
  });

  it('is reached by the path of a deployment, with its own key header and version', async () => {
    const way = { path: 'deployment' } as const;
    const healthy = await toldBy('azure', { kind: 'limits', limits: {} }, way);
    expect(healthy).toMatchObject({ error: null, text: 'Your parcel is on its way.' });
    const { error } = await toldBy('azure', rejecting({ reason: 'content-policy' }), way);
    expect(error).toMatchObject({ status: 400, code: 'content_filter' });
  });
});

describe('OpenRouter', () => {
  it('tells the reset of a limit in epoch ms, in headers and body', async () => {
    const hint = { retryAfter: '30' };
    const { headers, body } = await told('openrouter', { reason: 'rate-limit', hint });
    expect(headers.get('x-ratelimit-reset')).toBe(String(noon + 30_000));
    const { metadata } = JSON.parse(body).error;
    expect(metadata.headers['X-RateLimit-Reset']).toBe(String(noon + 30_000));
  });

  it('ends a stream that has begun with a chunk of the error, and no [DONE]', async () => {
    const rejection: Rejection = { reason: 'server-error' };
    const effect = { kind: 'error-event', at: { at: 'tokens', count: 3 }, rejection } as const;
    const { error, body, text } = await toldBy('openrouter', effect, { stream: true });
    expect(error).toMatchObject({ class: 'APIError', status: undefined, code: 502 });
    expect(text).toBe('Your parcel is');
    expect(body.trimEnd().split('\n').at(-1)).toContain('"finish_reason":"error"');
    expect(body).not.toContain('[DONE]');
  });

  it('has a whole answer’s error in a 200', async () => {
    const rejection: Rejection = { reason: 'overloaded' };
    const effect = { kind: 'error-event', at: { at: 'first-event' }, rejection } as const;
    const { body, text } = await toldBy('openrouter', effect);
    expect(JSON.parse(body).error.code).toBe(503);
    expect(text).toBe('');
  });

  it('keeps a silent connection alive with a comment of its own', async () => {
    const keepalive = { form: 'comment', everyMs: 1000 } as const;
    const at = { at: 'tokens', count: 2 } as const;
    const effect = { kind: 'stall', at, forMs: 3500, keepalive } as const;
    const { body, text } = await toldBy('openrouter', effect, { stream: true });
    expect(body.match(/^: OPENROUTER PROCESSING$/gm)).toHaveLength(3);
    expect(text).toBe('Your parcel is on its way.');
  });
});

describe('other hosts', () => {
  it('Groq sends an event named error with the status in it', async () => {
    const rejection: Rejection = { reason: 'server-error' };
    const effect = { kind: 'error-event', at: { at: 'first-token' }, rejection } as const;
    const { error, body } = await toldBy('groq', effect, { stream: true });
    expect(error).toMatchObject({ class: 'APIError', status: undefined });
    expect(body).toMatch(/\n\nevent: error\ndata: \{"error":\{.*"status_code":500\}\}\n\n$/);
  });

  it('Cerebras hints in ms alone, and its body has no error member', async () => {
    const hint = { retryAfter: '0.66' };
    const { headers, body } = await told('cerebras', { reason: 'rate-limit', hint });
    expect(headers.get('retry-after-ms')).toBe('660');
    expect(headers.get('retry-after')).toBeNull();
    expect(JSON.parse(body)).toMatchObject({ type: 'too_many_requests_error', param: 'quota' });
  });

  it('DeepSeek calls a 422 a text and a 400 octets', async () => {
    const invalid = await told('deepseek', { reason: 'invalid-request' });
    expect(invalid.headers.get('content-type')).toMatch(/^text\/plain/);
    expect(invalid.body).toMatch(/^Failed to deserialize/);
    const unknown = await told('deepseek', { reason: 'not-found' });
    expect(unknown.headers.get('content-type')).toBe('application/octet-stream');
  });

  it('Mistral lists what is wrong with a body where a message would stand', async () => {
    const { body } = await told('mistral', { reason: 'invalid-request', param: 'temperature' });
    const { object, message } = JSON.parse(body);
    expect(object).toBe('error');
    expect(message.detail[0].loc).toEqual(['body', 'temperature']);
  });

  it('xAI has two sentences, of which the SDK shows one', async () => {
    const { error, body } = await told('xai', { reason: 'auth' });
    expect(JSON.parse(body)).toMatchObject({ code: 'Client specified an invalid argument' });
    expect(error?.message).toMatch(/^400 "Incorrect API key provided/);
  });

  it('vLLM wraps in a stream what it sends bare else, and ends it', async () => {
    const bare = JSON.parse((await told('vllm', { reason: 'not-found' })).body);
    expect(bare).toMatchObject({ object: 'error', type: 'NotFoundError', code: 404 });
    expect(bare.message).toContain(model);
    const rejection: Rejection = { reason: 'server-error' };
    const effect = { kind: 'error-event', at: { at: 'first-token' }, rejection } as const;
    const { error, body } = await toldBy('vllm', effect, { stream: true });
    expect(error).toMatchObject({ class: 'APIError', status: undefined, code: 500 });
    expect(body).toMatch(/\{"error":\{"object":"error".*\n\ndata: \[DONE\]\n\n$/);
  });
});
