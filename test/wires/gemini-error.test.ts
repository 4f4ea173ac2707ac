import { describe, expect, it } from 'vitest';
import type { Rejection } from '../../harness/faults/rejection.ts';
import { hintMsOf } from '../../harness/upstream/hint-ms.ts';
import { recordedFailure } from '../../harness/upstream/recorded-failure.ts';
import { gemini } from '../../harness/wires/gemini.ts';
import type { Asked } from '../../harness/wires/wire.ts';
import { describeData } from '../data.ts';
import { recordedExchanges } from './recorded.ts';
import { askedOf, errorIn, headerOf, stamp, textOf } from './served.ts';

const path = 'v1beta/models/gemini-2.5-flash:generateContent';
const question = askOf(`https://generativelanguage.googleapis.com/${path}`);
const onVertex = askOf(`https://aiplatform.googleapis.com/v1/publishers/google/${path.slice(7)}`);

function askOf(url: string): Asked {
  return askedOf(gemini, url, { contents: 'Hi' }, { 'x-goog-api-key': 'k' });
}

const replyTo = (rejection: Rejection, asked = question) => gemini.reject(rejection, asked, stamp);
const errorOf = (rejection: Rejection, asked = question) =>
  errorIn(replyTo(rejection, asked)).error;

function detail(error: Record<string, unknown>, type: string): Record<string, unknown> | undefined {
  const details = (error.details ?? []) as Record<string, unknown>[];
  return details.find((one) => String(one['@type']).endsWith(`google.rpc.${type}`));
}

describe('an error of Google', () => {
  it.each([
    ['rate-limit', 429, 'RESOURCE_EXHAUSTED'],
    ['quota', 429, 'RESOURCE_EXHAUSTED'],
    ['server-error', 500, 'INTERNAL'],
    ['overloaded', 503, 'UNAVAILABLE'],
    ['timeout', 504, 'DEADLINE_EXCEEDED'],
    ['invalid-request', 400, 'INVALID_ARGUMENT'],
    ['context-length', 400, 'INVALID_ARGUMENT'],
    ['auth', 400, 'INVALID_ARGUMENT'],
    ['billing', 400, 'FAILED_PRECONDITION'],
    ['permission', 403, 'PERMISSION_DENIED'],
    ['not-found', 404, 'NOT_FOUND'],
    ['conflict', 409, 'ABORTED'],
  ] as const)('%s is a %d %s', (reason, status, code) => {
    const reply = replyTo({ reason });
    expect(reply.status).toBe(status);
    expect(errorIn(reply).error).toMatchObject({ code: status, status: code });
  });

  it.each([
    [401, 'UNAUTHENTICATED'],
    [499, 'CANCELLED'],
    [501, 'UNIMPLEMENTED'],
    [418, 'INVALID_ARGUMENT'],
  ])('has the code of its status: %d is %s', (status, code) => {
    expect(errorOf({ reason: 'server-error', status })).toMatchObject({
      code: status,
      status: code,
    });
  });

  it('says what a rule says: its message, its code, the field at fault', () => {
    const error = errorOf({
      reason: 'invalid-request',
      message: 'No.',
      code: 'OUT_OF_RANGE',
      param: 'x',
    });
    expect(error).toMatchObject({ message: 'No.', status: 'OUT_OF_RANGE' });
    expect(detail(error, 'BadRequest')).toMatchObject({ fieldViolations: [{ field: 'x' }] });
  });

  it('of a 502 is the page of its front end', () => {
    const reply = replyTo({ reason: 'server-error', status: 502 });
    expect(headerOf(reply, 'content-type')).toContain('text/html');
    expect(textOf(reply.frames)).toContain('<title>Error 502 (Server Error)!!1</title>');
  });
});

describe('a wait', () => {
  it.each([
    [{ retryAfter: '7' }, '7s'],
    [{ retryAfter: '1.5' }, '1.500s'],
    [{ retryAfterMs: '200', retryAfter: '5' }, '0.200s'],
    [{ retryAfter: '0' }, '0s'],
    [{ retryAfterDateMs: 2500 }, '2s'],
  ])('of %j stands in the body as %s, and in no header', (hint, wait) => {
    const reply = replyTo({ reason: 'rate-limit', hint });
    const { error } = errorIn(reply);
    expect(detail(error, 'RetryInfo')).toMatchObject({ retryDelay: wait });
    expect(error.message).toContain(`Please retry in ${wait}.`);
    expect(headerOf(reply, 'retry-after')).toBeNull();
    expect(headerOf(reply, 'retry-after-ms')).toBeNull();
    expect(Number.parseFloat(wait) * 1000).toBe(hintMsOf(hint, stamp.now));
  });

  it('that nobody can read goes out as it was written', () => {
    const reply = replyTo({
      reason: 'rate-limit',
      hint: { retryAfter: 'soon', shouldRetry: true },
    });
    expect(headerOf(reply, 'retry-after')).toBe('soon');
    expect(headerOf(reply, 'x-should-retry')).toBe('true');
    expect(detail(errorIn(reply).error, 'RetryInfo')).toBeUndefined();
  });

  it('is a header where something else than Google answers', () => {
    const reply = replyTo({ reason: 'rate-limit', body: 'text', hint: { retryAfter: '7' } });
    expect(headerOf(reply, 'retry-after')).toBe('7');
  });

  it('read back from what was sent is the same', () => {
    for (const retryAfter of ['7', '0.25', '61']) {
      const { status, headers, frames } = replyTo({ reason: 'rate-limit', hint: { retryAfter } });
      const failure = recordedFailure({ status, headers, body: textOf(frames), sse: false });
      expect(failure).toMatchObject({ reason: 'rate-limit' });
      expect(hintMsOf(failure?.hint ?? {}, 0)).toBe(Number(retryAfter) * 1000);
    }
  });
});

describe('a quota', () => {
  it('of a minute is named where there is a wait, and one of a day always', () => {
    const minute = detail(
      errorOf({ reason: 'rate-limit', hint: { retryAfter: '3' } }),
      'QuotaFailure',
    );
    expect(JSON.stringify(minute)).toContain('PerMinute');
    expect(errorOf({ reason: 'rate-limit' }).details).toBeUndefined();
    expect(JSON.stringify(detail(errorOf({ reason: 'quota' }), 'QuotaFailure'))).toContain(
      'PerDay',
    );
  });

  it('is of the size that a rule counts', () => {
    const limits = { requests: { limit: 42, remaining: 0, resetMs: 1000 } };
    const reply = gemini.reject({ reason: 'quota' }, question, { ...stamp, limits });
    expect(textOf(reply.frames)).toContain('"quotaValue": "42"');
  });

  it('of Vertex AI is not named', () => {
    const error = errorOf({ reason: 'rate-limit' }, onVertex);
    expect(error.message).toContain('error-code-429');
    expect(error.details).toBeUndefined();
  });

  it('of a day read back is no rate', () => {
    const { status, headers, frames } = replyTo({ reason: 'quota' });
    const sent = { status, headers, body: textOf(frames), sse: false };
    expect(recordedFailure(sent)).toMatchObject({ reason: 'quota', status: 429 });
  });
});

describeData('errors that Google sent', (dir) => {
  it('are classed as they are meant, with their wait', () => {
    const classes = recordedExchanges(dir)
      .filter(({ row, wire }) => wire === 'gemini' && Number(row.status) >= 400)
      .map(({ row, body }) => {
        const text = new TextDecoder().decode(body);
        const sent = { status: Number(row.status), headers: [], body: text, sse: false };
        const failure = recordedFailure(sent);
        return [row.kind, failure?.reason, failure?.hint?.retryAfter].join(' ').trim();
      });
    expect([...new Set(classes)].sort()).toEqual([
      'error_400_auth auth',
      'error_400_context_length context-length',
      'error_400_invalid_request invalid-request',
      'error_401_auth auth',
      'error_404_model_not_found not-found',
      'error_429_quota rate-limit 3',
      'error_500_server_error server-error',
      'error_503_unavailable overloaded',
    ]);
  });

  it('have the words and codes that the wire gives them', () => {
    const sent = recordedExchanges(dir).filter(
      ({ row, wire }) => wire === 'gemini' && Number(row.status) >= 400,
    );
    const reasons: Record<string, Rejection> = {
      error_400_auth: { reason: 'auth' },
      error_500_server_error: { reason: 'server-error' },
      error_503_unavailable: { reason: 'overloaded' },
      error_429_quota: { reason: 'rate-limit', hint: { retryAfter: '3' } },
    };
    let compared = 0;
    for (const { row, body } of sent) {
      const rejection = reasons[row.kind];
      if (!rejection) continue;
      compared++;
      const { error } = JSON.parse(new TextDecoder().decode(body));
      const ours = errorOf(rejection);
      expect(ours, row.file).toMatchObject({ code: error.code, status: error.status });
      expect(String(ours.message).split('\n')[0], row.file).toBe(error.message);
      expect(ours.details ?? [], row.file).toEqual(error.details ?? []);
    }
    expect(compared).toBeGreaterThan(3);
  });
});
