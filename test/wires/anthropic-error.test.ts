import Anthropic from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import type { Rejection } from '../../harness/faults/rejection.ts';
import { anthropicMessages } from '../../harness/wires/anthropic-messages.ts';
import type { Reply } from '../../harness/wires/wire.ts';
import { askedOf, errorIn, fetchOf, headerOf, stamp, textOf } from './served.ts';

function rejected(rejection: Rejection): Reply {
  const body = { model: 'claude-haiku-4-5', max_tokens: 9, messages: [] };
  const headers = { 'x-api-key': 'sk-test', 'anthropic-version': '2023-06-01' };
  const asked = askedOf(anthropicMessages, 'http://llm.test/v1/messages', body, headers);
  return anthropicMessages.reject(rejection, asked, stamp);
}

function limitsOf(reply: Reply): string[] {
  return reply.headers.map(([name]) => name).filter((name) => name.includes('ratelimit'));
}

describe('a rejection of Anthropic', () => {
  it('by rate tells all limits, when to come back, and to do so', () => {
    const reply = rejected({ reason: 'rate-limit', hint: { retryAfter: '7' } });
    expect(headerOf(reply, 'retry-after')).toBe('7');
    expect(headerOf(reply, 'x-should-retry')).toBe('true');
    expect(headerOf(reply, 'anthropic-ratelimit-requests-remaining')).toBe('0');
    expect(headerOf(reply, 'anthropic-ratelimit-requests-reset')).toBe('2026-11-21T12:00:07Z');
    expect(limitsOf(reply)).toHaveLength(12);
  });

  it('without a hint is the one for concurrent connections, which tells no limits', () => {
    const reply = rejected({ reason: 'rate-limit' });
    expect(errorIn(reply).error.message).toMatch(/concurrent connections/);
    expect(headerOf(reply, 'x-should-retry')).toBe('true');
    expect(limitsOf(reply)).toEqual([]);
  });

  it('tells the limits that were counted, with or without a hint, and which one it was', () => {
    const spent = { limit: 30_000, remaining: 0, resetMs: 41_000 };
    const tokens = rejected({ reason: 'rate-limit', limits: { tokens: spent } });
    expect(errorIn(tokens).error.message).toMatch(/of 30,000 input tokens per minute/);
    expect(headerOf(tokens, 'anthropic-ratelimit-tokens-remaining')).toBe('0');
    expect(headerOf(tokens, 'anthropic-ratelimit-tokens-reset')).toBe('2026-11-21T12:00:41Z');
    expect(headerOf(tokens, 'anthropic-ratelimit-requests-remaining')).toBe('999');
    const limits = { requests: { limit: 50, remaining: 0, resetMs: 9000 } };
    const requests = rejected({ reason: 'rate-limit', limits, hint: { retryAfter: '7' } });
    expect(errorIn(requests).error.message).toMatch(/^Number of requests/);
    expect(headerOf(requests, 'anthropic-ratelimit-requests-limit')).toBe('50');
    expect(headerOf(requests, 'anthropic-ratelimit-requests-reset')).toBe('2026-11-21T12:00:09Z');
    expect(headerOf(requests, 'retry-after')).toBe('7');
  });

  it.each([
    ['overloaded', 529, 'overloaded_error', 'true'],
    ['server-error', 500, 'api_error', 'false'],
    ['billing', 400, 'invalid_request_error', 'false'],
    ['auth', 401, 'authentication_error', 'false'],
    ['not-found', 404, 'not_found_error', 'false'],
    ['quota', 429, 'rate_limit_error', null],
    ['too-large', 413, 'request_too_large', null],
    ['timeout', 504, 'timeout_error', null],
  ] as const)('%s is %i %s, x-should-retry %s', (reason, status, type, retry) => {
    const reply = rejected({ reason });
    expect(reply.status).toBe(status);
    expect(errorIn(reply)).toMatchObject({ type: 'error', error: { type } });
    expect(errorIn(reply).request_id).toBe(headerOf(reply, 'request-id'));
    expect(headerOf(reply, 'x-should-retry')).toBe(retry);
    expect(headerOf(reply, 'retry-after')).toBeNull();
    expect(limitsOf(reply)).toEqual([]);
  });

  it('takes the look of its status where that is another than its own', () => {
    const typeOf = (rejection: Rejection) => errorIn(rejected(rejection)).error.type;
    expect(typeOf({ reason: 'billing', status: 402 })).toBe('billing_error');
    expect(typeOf({ reason: 'quota', status: 402 })).toBe('billing_error');
    expect(typeOf({ reason: 'server-error', status: 529 })).toBe('overloaded_error');
    expect(typeOf({ reason: 'server-error', status: 418 })).toBe('invalid_request_error');
    expect(typeOf({ reason: 'overloaded', status: 507 })).toBe('api_error');
    const large = rejected({ reason: 'too-large', status: 429 });
    expect(headerOf(large, 'x-should-retry')).toBe('false');
    expect(limitsOf(large)).toHaveLength(12);
  });

  it('at 503 is a line of the edge, unless it has words or a code', () => {
    const edge = rejected({ reason: 'server-error', status: 503 });
    expect(headerOf(edge, 'content-type')).toBe('text/plain');
    expect(headerOf(edge, 'request-id')).toBeNull();
    expect(textOf(edge.frames)).toMatch(/^upstream connect error/);
    const own = rejected({ reason: 'server-error', status: 503, code: 'cmek_key_unreachable' });
    expect(errorIn(own).error.details).toEqual({ error_code: 'cmek_key_unreachable' });
  });

  it('that says not to retry ends the SDK after one request', async () => {
    const attempts = async (rejection: Rejection): Promise<number> => {
      let requests = 0;
      const fetch = fetchOf(anthropicMessages, (question) => {
        requests++;
        return anthropicMessages.reject(rejection, question, stamp);
      });
      const client = new Anthropic({ apiKey: 'k', baseURL: 'http://llm.test', fetch });
      await client.messages
        .create({ model: 'm', max_tokens: 9, messages: [] })
        .catch((error: unknown) => expect(error).toBeInstanceOf(Anthropic.APIError));
      return requests;
    };
    expect(await attempts({ reason: 'server-error' })).toBe(1);
    const hint = { retryAfterMs: '1', shouldRetry: true };
    expect(await attempts({ reason: 'server-error', hint })).toBe(3);
  });
});
