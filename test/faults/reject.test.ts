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
  ])('refuses %s', (text, message) => expect(refused(text)).toMatch(message));
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
