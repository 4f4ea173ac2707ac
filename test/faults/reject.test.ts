import { describe, expect, it } from 'vitest';
import { decided, refused } from './decide.ts';

describe('a rejection', () => {
  it.each([
    ['{ inject: rate-limit }', { reason: 'rate-limit' }],
    ['{ inject: rate-limit, message: slow down }', { reason: 'rate-limit', message: 'slow down' }],
    ['{ inject: quota-exhausted }', { reason: 'quota' }],
    ['{ inject: overloaded }', { reason: 'overloaded' }],
    ['{ inject: server-error }', { reason: 'server-error', status: 500, body: 'own' }],
    [
      '{ inject: server-error, status: 524, body: html }',
      { reason: 'server-error', status: 524, body: 'html' },
    ],
    [
      '{ inject: server-error, message: m, code: c }',
      { reason: 'server-error', status: 500, body: 'own', message: 'm', code: 'c' },
    ],
  ])('%s', (text, rejection) => expect(decided(text)).toEqual({ kind: 'reject', rejection }));

  it.each([
    [
      '{ inject: server-error, status: 399 }',
      /^status: expected a number of at least 400, found 399/,
    ],
    ['{ inject: server-error, status: 600 }', /^status: expected a number of at most 599/],
    ['{ inject: server-error, status: 500.5 }', /^status: expected a whole number/],
    [
      '{ inject: server-error, body: xml }',
      /^body: expected one of own, html, empty, text, detail, string/,
    ],
    ['{ inject: rate-limit, status: 429 }', /^: unknown key "status"/],
    ['{ inject: status }', /^status: /],
    ['{ inject: status, status: 200 }', /^status: expected a status from 400 to 599, found 200/],
    ['{ inject: status, status: 404, reason: gone }', /^reason: expected one of server-error, /],
  ])('refuses %s', (text, message) => expect(refused(text)).toMatch(message));
});

describe('a status by itself', () => {
  it.each([
    [400, 'invalid-request'],
    [401, 'auth'],
    [402, 'billing'],
    [403, 'permission'],
    [404, 'not-found'],
    [408, 'timeout'],
    [409, 'conflict'],
    [413, 'too-large'],
    [418, 'invalid-request'],
    [429, 'rate-limit'],
    [500, 'server-error'],
    [502, 'server-error'],
    [503, 'overloaded'],
    [504, 'timeout'],
    [524, 'server-error'],
    [529, 'overloaded'],
  ])('of %d is %s', (status, reason) => {
    expect(decided(`{ inject: status, status: ${status} }`)).toEqual({
      kind: 'reject',
      rejection: { reason, status, body: 'own' },
    });
  });

  it('can be said to be something else, in any body', () => {
    const told = 'status: 400, reason: rate-limit, body: nested, message: m, code: c';
    expect(decided(`{ inject: status, ${told}, retryAfter: 2s }`)).toEqual({
      kind: 'reject',
      rejection: {
        reason: 'rate-limit',
        status: 400,
        body: 'nested',
        message: 'm',
        code: 'c',
        hint: { retryAfter: '2' },
      },
    });
  });
});

describe('silence before the body of an error', () => {
  const rejecting = [
    'overloaded',
    'quota-exhausted',
    'rate-limit',
    'server-error',
    'status, status: 404',
  ];

  it.each(rejecting)('is a key of %s', (fault) => {
    const silent = (text: string) => decided(`{ inject: ${fault}, bodySilence: ${text} }`);
    expect(silent('30s')).toMatchObject({ kind: 'reject', bodySilenceMs: 30_000 });
    expect(silent('forever')).toMatchObject({ kind: 'reject', bodySilenceMs: null });
    expect(decided(`{ inject: ${fault} }`)).not.toHaveProperty('bodySilenceMs');
  });

  it('is a duration, and needs a status', () => {
    expect(refused('{ inject: rate-limit, bodySilence: long }')).toMatch(
      /^bodySilence: expected a duration like 30s, or forever, found "long"/,
    );
    expect(refused('{ inject: overloaded, at: 40%, bodySilence: 3s }')).toMatch(
      /^bodySilence: an error inside a 200 has no body of its own/,
    );
  });
});

describe('a retry hint', () => {
  it.each([
    ['retryAfter: 2s', { retryAfter: '2' }],
    ['retryAfter: 1500ms', { retryAfter: '1.5' }],
    ['retryAfter: 0s', { retryAfter: '0' }],
    ['retryAfter: date 90s', { retryAfterDateMs: 90_000 }],
    ['retryAfter: { raw: soon }', { retryAfter: 'soon' }],
    ['retryAfter: { raw: "" }', { retryAfter: '' }],
    ['retryAfterMs: 250', { retryAfterMs: '250' }],
    ['retryAfter: date -30s', { retryAfterDateMs: -30_000 }],
    ['retryAfter: date -0s', { retryAfterDateMs: 0 }],
    ['retryAfter: { raw: "-1" }', { retryAfter: '-1' }],
    ['retryAfter: 277403s', { retryAfter: '277403' }],
    ['retryAfterMs: -5, shouldRetry: false', { retryAfterMs: '-5', shouldRetry: false }],
    ['retryAfterMs: 0', { retryAfterMs: '0' }],
    ['retryAfterMs: { raw: soon }', { retryAfterMs: 'soon' }],
    ['retryAfter: 5s, retryAfterMs: 200', { retryAfter: '5', retryAfterMs: '200' }],
  ])('%s', (keys, hint) => {
    for (const fault of ['rate-limit', 'quota-exhausted', 'overloaded', 'server-error']) {
      expect(decided(`{ inject: ${fault}, ${keys} }`)).toMatchObject({ rejection: { hint } });
    }
  });

  it('is left out where there is none', () => {
    expect(decided('{ inject: rate-limit }')).not.toHaveProperty('rejection.hint');
  });

  it.each([
    ['retryAfter: soon', /"date -30s", or \{ raw: "soon" \}/],
    ['retryAfter: 2', /"date 2s", .*or \{ raw: "soon" \}/],
    ['retryAfter: -2s', /"date -30s", or \{ raw: "soon" \}, found "-2s"/],
    ['retryAfter: date 700001d', /"date 2s"/],
    ['retryAfter: date soon', /"date 2s"/],
    ['retryAfter: { raw: "a\\nb" }', /expected one line of Latin-1/],
    ['retryAfter: { raw: "€" }', /expected one line of Latin-1/],
    ['retryAfter: { row: x }', /or \{ raw: "soon" \}, found a map/],
    ['retryAfterMs: soon', /^retryAfterMs: expected a number of ms like 250 .*found "soon"/],
    ['shouldRetry: 1', /^shouldRetry: expected true or false, found 1/],
  ])('cannot be %s', (keys, message) => {
    expect(refused(`{ inject: rate-limit, ${keys} }`)).toMatch(message);
  });
});
