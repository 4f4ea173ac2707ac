import { expect, it } from 'vitest';
import { recordedFailure } from '../../harness/upstream/recorded-failure.ts';

const json = (status: number, body: unknown, headers: [string, string][] = []) =>
  recordedFailure({ status, headers, body: JSON.stringify(body), sse: false });
const stream = (body: string) => recordedFailure({ status: 200, headers: [], body, sse: true });

it('finds no failure in a success', () => {
  expect(json(200, { choices: [] })).toBeNull();
  expect(json(200, { error: null })).toBeNull();
  expect(stream('data: {"choices":[]}\n\ndata: [DONE]\n\n')).toBeNull();
});

it('finds a failure in an answer that ends because of an error', () => {
  const broken = { choices: [{ finish_reason: 'error', message: { content: 'Half' } }] };
  expect(json(200, broken)).toEqual({ reason: 'server-error' });
  expect(stream(`data: ${JSON.stringify(broken)}\n\n`)).toEqual({ reason: 'server-error' });
});

it.each([
  [401, { error: { message: 'x', type: 'invalid_request_error' } }, 'auth'],
  [404, { error: { code: 'model_not_found' } }, 'not-found'],
  [400, { error: { code: 'model_not_found' } }, 'not-found'],
  [400, { error: { code: 'context_length_exceeded' } }, 'context-length'],
  [400, { error: { code: 'content_filter', innererror: { code: 'x' } } }, 'content-policy'],
  [400, { type: 'error', error: { type: 'invalid_request_error' } }, 'invalid-request'],
  [400, { code: 'bad', error: 'no such key' }, 'invalid-request'],
  [422, 'plain words', 'invalid-request'],
  [429, { error: { code: 'rate_limit_exceeded' } }, 'rate-limit'],
  [429, { error: { code: 'insufficient_quota' } }, 'quota'],
  [500, { error: { type: 'server_error' } }, 'server-error'],
  [503, 'upstream connect error', 'overloaded'],
  [529, { type: 'error', error: { type: 'overloaded_error' } }, 'overloaded'],
])('knows the class of a %d with %j', (status, body, reason) => {
  expect(json(status, body)).toMatchObject({ status, reason });
});

it('takes the class of an error inside a 200 from its type or from the status in its code', () => {
  const overloaded = { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } };
  const inEvent = stream(`event: error\ndata: ${JSON.stringify(overloaded)}\n\n`);
  expect(inEvent).toEqual({ reason: 'overloaded', message: 'Overloaded' });
  expect(json(200, { error: { code: 429, message: 'busy' } })).toMatchObject({
    reason: 'rate-limit',
  });
  const failed = { type: 'response.failed', response: { error: { code: 'server_error' } } };
  expect(stream(`data: ${JSON.stringify(failed)}\n\n`)).toEqual({ reason: 'server-error' });
  expect(stream('event: error\ndata: words\n\n')).toMatchObject({ message: 'words' });
});

it('reads what Google says in details, and its bare error among events', () => {
  const detail = (type: string, members: object) => ({ '@type': `google.rpc.${type}`, ...members });
  const limited = (quotaId: string) => ({
    error: {
      code: 429,
      status: 'RESOURCE_EXHAUSTED',
      details: [
        detail('QuotaFailure', { violations: [{ quotaId }] }),
        detail('RetryInfo', { retryDelay: '47.5s' }),
      ],
    },
  });
  const hint = { retryAfter: '47.5' };
  expect(json(429, limited('RequestsPerMinute'))).toMatchObject({ reason: 'rate-limit', hint });
  expect(json(429, limited('RequestsPerDay'))).toMatchObject({ reason: 'quota', hint });
  expect(json(429, limited('x'), [['retry-after', '3']])?.hint).toEqual({ retryAfter: '3' });
  const key = {
    error: { code: 400, details: [detail('ErrorInfo', { reason: 'API_KEY_INVALID' })] },
  };
  expect(json(400, key)).toMatchObject({ reason: 'auth' });
  const chunk = 'data: {"candidates":[{"content":{"parts":[{"text":"Hi"}]}}]}\r\n\r\n';
  const bare = JSON.stringify({ error: { code: 503, message: 'Overloaded' } }, null, 2);
  expect(stream(`${chunk}${bare}\n`)).toEqual({ reason: 'overloaded', message: 'Overloaded' });
  expect(stream(chunk)).toBeNull();
});

it('keeps the retry hints, whatever the case of their names', () => {
  const headers: [string, string][] = [
    ['Retry-After', '7'],
    ['retry-after-ms', '6500'],
    ['X-Should-Retry', 'true'],
  ];
  expect(json(429, {}, headers)?.hint).toEqual({
    retryAfter: '7',
    retryAfterMs: '6500',
    shouldRetry: true,
  });
});
