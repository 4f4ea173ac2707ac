import { describe, expect, it } from 'vitest';
import type { RateLimits, Rejection } from '../../harness/faults/rejection.ts';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import { goDuration } from '../../harness/wires/openai-looks.ts';
import { openaiResponses } from '../../harness/wires/openai-responses.ts';
import type { Asked, Reply, Stamp } from '../../harness/wires/wire.ts';
import { askedOf, errorIn, headerOf, noon, stamp, textOf } from './served.ts';

const paths = [
  [openaiChat, 'chat/completions'],
  [openaiResponses, 'responses'],
] as const;

function asked(headers?: Record<string, string>, more: Record<string, unknown> = {}): Asked {
  const url = 'https://api.openai.com/v1/chat/completions';
  const messages = [{ role: 'user', content: 'Hi' }];
  return askedOf(openaiChat, url, { model: 'gpt-4o', messages, ...more }, headers);
}

function rejected(rejection: Rejection, question = asked()): Reply {
  return openaiChat.reject(rejection, question, stamp);
}

describe('a rejection of OpenAI', () => {
  it('for too many requests has limits, and hints only as asked for', () => {
    const reply = rejected({ reason: 'rate-limit', hint: { retryAfter: '20' } });
    expect(errorIn(reply).error).toMatchObject({ type: 'requests', code: 'rate_limit_exceeded' });
    expect(errorIn(reply).error.message).toMatch(/Please try again in 20s\./);
    expect(headerOf(reply, 'retry-after')).toBe('20');
    expect(headerOf(reply, 'retry-after-ms')).toBeNull();
    expect(headerOf(reply, 'x-ratelimit-remaining-requests')).toBe('0');
    expect(headerOf(reply, 'x-ratelimit-reset-requests')).toBe('20s');
    expect(headerOf(rejected({ reason: 'rate-limit' }), 'retry-after')).toBeNull();
  });

  it('carries every form of a hint', () => {
    const hint = { retryAfterMs: '250', retryAfterDateMs: 2500, shouldRetry: false };
    const reply = rejected({ reason: 'rate-limit', hint });
    expect(headerOf(reply, 'retry-after')).toBe(new Date(noon + 2500).toUTCString());
    expect(headerOf(reply, 'retry-after-ms')).toBe('250');
    expect(headerOf(reply, 'x-should-retry')).toBe('false');
    const odd = rejected({ reason: 'server-error', body: 'html', hint: { retryAfter: 'soon' } });
    expect(headerOf(odd, 'retry-after')).toBe('soon');
  });

  it.each([
    ['quota', 429, 'insufficient_quota', 'insufficient_quota'],
    ['billing', 429, 'insufficient_quota', 'credit_balance_exhausted'],
    ['overloaded', 503, 'service_unavailable_error', 'server_is_overloaded'],
    ['server-error', 500, 'server_error', 'server_error'],
    ['auth', 401, 'invalid_request_error', 'invalid_api_key'],
    ['not-found', 404, 'invalid_request_error', 'model_not_found'],
    ['permission', 403, 'invalid_request_error', null],
    ['context-length', 400, 'invalid_request_error', 'context_length_exceeded'],
  ] as const)('%s is %i %s/%s without hints', (reason, status, type, code) => {
    const reply = rejected({ reason });
    expect(reply.status).toBe(status);
    expect(errorIn(reply).error).toMatchObject({ type, code });
    for (const name of ['retry-after', 'retry-after-ms', 'x-should-retry']) {
      expect(headerOf(reply, name)).toBeNull();
    }
    expect(headerOf(reply, 'x-request-id')).toMatch(/^req_0+7$/);
    const limited = headerOf(reply, 'x-ratelimit-limit-requests') !== null;
    expect(limited).toBe(status === 400);
  });

  it('takes the look of its status where that is another than its own', () => {
    const look = (rejection: Rejection) => {
      const reply = rejected(rejection);
      return [reply.status, errorIn(reply).error.type, errorIn(reply).error.code];
    };
    expect(look({ reason: 'server-error', status: 503 })).toEqual([
      503,
      'service_unavailable_error',
      'server_is_overloaded',
    ]);
    expect(look({ reason: 'server-error', status: 429 })).toEqual([
      429,
      'requests',
      'rate_limit_exceeded',
    ]);
    expect(look({ reason: 'too-large', status: 429 })).toEqual([
      429,
      'tokens',
      'rate_limit_exceeded',
    ]);
    expect(look({ reason: 'overloaded', status: 418 })).toEqual([
      418,
      'invalid_request_error',
      null,
    ]);
    expect(look({ reason: 'server-error', status: 529 })).toEqual([529, 'server_error', null]);
  });

  it('shows words and code of whoever wrote the scenario', () => {
    const reply = rejected({ reason: 'server-error', status: 502, message: 'Oh <no>', code: 'x' });
    expect(errorIn(reply).error).toMatchObject({ message: 'Oh <no>', code: 'x' });
    const page = rejected({ reason: 'server-error', body: 'html', message: 'Oh <no>' });
    expect(textOf(page.frames)).toContain('Oh &lt;no&gt;');
    const detail = rejected({ reason: 'server-error', body: 'detail', message: 'Oh no' });
    expect(textOf(detail.frames)).toBe('{"detail":"Oh no"}');
    const string = rejected({ reason: 'server-error', body: 'string' });
    expect(textOf(string.frames)).toBe('{"error":"Internal Server Error"}');
    expect(rejected({ reason: 'server-error', body: 'empty' }).frames).toEqual([]);
  });

  it('is a page of the edge at 502 and 52x', () => {
    for (const status of [502, 520, 524, 530]) {
      const reply = rejected({ reason: 'server-error', status });
      expect(headerOf(reply, 'content-type')).toMatch(/^text\/html/);
      expect(headerOf(reply, 'x-request-id')).toBeNull();
      expect(textOf(reply.frames)).toContain(`<h1>${status} `);
    }
  });

  it('never repeats the key', () => {
    const question = asked({ authorization: 'Bearer sk-canary-1234' });
    expect(textOf(rejected({ reason: 'auth' }, question).frames)).not.toMatch(/canary|1234/);
  });
});

describe('limits that are counted', () => {
  const requests = { limit: 60, remaining: 0, resetMs: 61_000 };
  const tokens = { limit: 30_000, remaining: 63, resetMs: 59_874 };
  const limitsOf = (reply: Reply): unknown[] =>
    ['limit', 'remaining', 'reset'].flatMap((name) =>
      ['requests', 'tokens'].map((kind) => headerOf(reply, `x-ratelimit-${name}-${kind}`)),
    );
  const told = ['60', '30000', '0', '63', '1m1s', '59.874s'];
  const idle = ['500', '200000', '499', '199958', '120ms', '12ms'];

  it('are told in every success, and those of an idle account where nobody counts', () => {
    for (const [wire, path] of paths) {
      for (const stream of [true, false]) {
        const question = askedOf(wire, `http://llm.test/v1/${path}`, { model: 'm', stream });
        const reply = (limits?: Stamp['limits']): Reply => {
          const headers = wire.headers(question, limits ? { ...stamp, limits } : stamp);
          return { status: 200, headers, frames: [], sse: stream };
        };
        expect(limitsOf(reply({ requests, tokens }))).toEqual(told);
        const half = limitsOf(reply({ tokens }));
        expect(half).toEqual(['500', '30000', '499', '63', '120ms', '59.874s']);
        const untold = stream && wire.name === 'openai-responses';
        expect(limitsOf(reply())).toEqual(untold ? idle.map(() => null) : idle);
      }
    }
  });

  it('are told in rejections, but not to strangers', () => {
    for (const [wire, path] of paths) {
      const question = askedOf(wire, `http://llm.test/v1/${path}`, { model: 'm' });
      const counted = { ...stamp, limits: { requests, tokens } };
      for (const reason of ['rate-limit', 'overloaded', 'invalid-request'] as const) {
        expect(limitsOf(wire.reject({ reason }, question, counted))).toEqual(told);
        const own = { reason, limits: { requests, tokens } };
        expect(limitsOf(wire.reject(own, question, stamp))).toEqual(told);
      }
      const stranger = wire.reject({ reason: 'auth' }, question, counted);
      expect(limitsOf(stranger)).toEqual(idle.map(() => null));
    }
  });

  it('name the one that is used up, in words and type', () => {
    const hint = { retryAfterMs: '644' };
    const wordsOf = (limits: RateLimits, question = asked()): unknown[] => {
      const { type, code, message } = errorIn(
        rejected({ reason: 'rate-limit', hint, limits }, question),
      ).error;
      expect(code).toBe('rate_limit_exceeded');
      return [
        type,
        String(message)
          .replace(/ Visit .*/, '')
          .replace(/.* on /, ''),
      ];
    };
    const byRequests =
      'requests per min (RPM): Limit 60, Used 60, Requested 1. Please try again in 644ms.';
    expect(wordsOf({ requests })).toEqual(['requests', byRequests]);
    expect(wordsOf({ requests, tokens })).toEqual(['requests', byRequests]);
    const byTokens = (requested: number): string =>
      `tokens per min (TPM): Limit 30000, Used 29937, Requested ${requested}. ` +
      'Please try again in 644ms.';
    // What is asked for is more than what is left, or it would not have been refused.
    expect(wordsOf({ tokens })).toEqual(['tokens', byTokens(64)]);
    const left = { ...requests, remaining: 1 };
    const large = asked(undefined, { max_tokens: 384 });
    expect(wordsOf({ requests: left, tokens }, large)).toEqual(['tokens', byTokens(385)]);
  });
});

it('durations are written as Go writes them', () => {
  expect([12, 8640, 360_000, 1_296_001, 3_720_000].map(goDuration)).toEqual([
    '12ms',
    '8.64s',
    '6m0s',
    '21m36.001s',
    '1h2m0s',
  ]);
});
