import { describe, expect, it } from 'vitest';
import type { AttemptSpec } from './histories.ts';
import { claude, gpt, inBand, judgeOne, mini, ok, one, status, verdict } from './histories.ts';

const done = { outcome: 'complete' } as const;
const failed = { outcome: 'error' } as const;
const quota = (target: string, at: number): AttemptSpec =>
  status(target, at, 429, { reason: 'quota' });

describe('I11 credentials', () => {
  it('is not applicable to a rate limit', () => {
    const history = one([status(gpt, 0, 429), status(gpt, 2000, 429)], failed);
    expect(verdict('I11', history)).toBe('not-applicable');
  });

  it('holds where the next independent target is asked', () => {
    expect(verdict('I11', one([quota(gpt, 0), ok(claude, 110)], done))).toBe('held 1');
  });

  it.each([
    ['a spent quota', quota(gpt, 0), quota(gpt, 600)],
    ['a wrong key', status(gpt, 0, 401), status(gpt, 600, 401)],
    ['an unpaid bill', status(gpt, 0, 402), status(gpt, 600, 402)],
    [
      'an empty account that is told as a bad request',
      status(gpt, 0, 400, { reason: 'billing' }),
      status(gpt, 600, 400, { reason: 'billing' }),
    ],
    ['a missing permission', status(gpt, 0, 403), status(gpt, 600, 403)],
    ['a spent quota inside a 200', inBand(gpt, 0, 'quota'), inBand(gpt, 600, 'quota')],
    ['the same key on another model', quota(gpt, 0), quota(mini, 110)],
  ])('is violated by %s that is tried again', (_, first, again) => {
    expect(verdict('I11', one([first, again], failed))).toBe('violated 1/1');
  });

  it('names both attempts', () => {
    const history = one([quota(gpt, 0), quota(gpt, 600)], failed);
    expect(judgeOne('I11', history).first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): 429 quota after 0.1 s. The same credential was used ' +
        'again at 100.6 s (attempt 2 (openai/gpt-4o, 100.6 s): 429 quota after 0.1 s); after such ' +
        'a failure only another credential helps.',
    );
  });

  const otherKey = { start: { key: 'second key' } };

  it.each([
    ['another key', [status(gpt, 0, 401), status(gpt, 600, 401, {}, otherKey)]],
    ['a retry that succeeds', [quota(gpt, 0), ok(gpt, 600)]],
    ['a quota by model', [quota(gpt, 0), ok(mini, 600)]],
    ['another model that fails by itself', [quota(gpt, 0), status(mini, 600, 503)]],
    ['a permission by model', [status(gpt, 0, 403), status(mini, 600, 403)]],
    [
      'a quota by region',
      [quota(gpt, 0), status(gpt, 110, 429, { reason: 'quota' }, { start: { region: 'eu' } })],
    ],
    ['a race', [quota(gpt, 0), quota(mini, 50)]],
    [
      "the provider's own advice",
      [status(gpt, 0, 401, { shouldRetry: true }), status(gpt, 600, 401, { shouldRetry: true })],
    ],
  ])('does not accuse %s', (_, attempts) => {
    expect(verdict('I11', one(attempts, failed))).toBe('held 1');
  });
});

describe('I12 hopeless requests', () => {
  it('is not applicable to failures of the target', () => {
    const history = one([status(gpt, 0, 503), status(gpt, 600, 503)], failed);
    expect(verdict('I12', history)).toBe('not-applicable');
  });

  it.each([400, 404, 413, 422])('is violated by a %i that is sent again', (code) => {
    const history = one([status(gpt, 0, code), status(gpt, 600, code)], failed);
    expect(verdict('I12', history)).toBe('violated 1/1');
    expect(judgeOne('I12', history).first?.text).toContain(
      'The same request was sent to openai/gpt-4o again at 100.6 s; it can only fail again.',
    );
  });

  it('is violated by a prompt that is too long, told inside a 200', () => {
    const history = one(
      [inBand(gpt, 0, 'context-length'), inBand(gpt, 600, 'context-length')],
      failed,
    );
    expect(verdict('I12', history)).toBe('violated 1/1');
  });

  it('finds the copy behind another target', () => {
    const history = one(
      [status(gpt, 0, 400), status(claude, 110, 529), status(gpt, 300, 400)],
      failed,
    );
    expect(verdict('I12', history)).toBe('violated 1/1');
  });

  it.each([
    ['another target', [status(gpt, 0, 400), ok(claude, 110)]],
    [
      'a changed request',
      [status(gpt, 0, 400), ok(gpt, 110, 1000, { start: { body: 'shorter' } })],
    ],
    ['a copy that succeeds after all', [status(gpt, 0, 400), ok(gpt, 600)]],
    ['another key', [status(gpt, 0, 404), status(gpt, 600, 404, {}, { start: { key: 'other' } })]],
    ['a race', [status(gpt, 0, 400), status(gpt, 50, 400)]],
    [
      "the provider's own advice",
      [status(gpt, 0, 400, { shouldRetry: true }), status(gpt, 600, 400, { shouldRetry: true })],
    ],
  ])('does not accuse %s', (_, attempts) => {
    expect(verdict('I12', one(attempts, failed))).toBe('held 1');
  });

  it.each([
    ['a 409', status(gpt, 0, 409), status(gpt, 600, 409)],
    ['a rate limit told as a 400', status(gpt, 0, 400, { reason: 'rate-limit' }), ok(gpt, 600)],
    [
      'a 500 with the code of a bad request',
      status(gpt, 0, 500, { reason: 'invalid-request' }),
      status(gpt, 600, 500),
    ],
  ])('does not take %s for hopeless', (_, first, again) => {
    expect(verdict('I12', one([first, again], failed))).toBe('not-applicable');
  });

  describe('of a target that ignores the schema', () => {
    const deaf = (target: string, at: number, body = 'question'): AttemptSpec =>
      ok(target, at, 500, { start: { body }, fault: 'ignore-schema', effect: {} });

    it('is violated by the second copy', () => {
      const history = one([deaf(gpt, 0), deaf(gpt, 600), deaf(gpt, 1200), ok(claude, 1800)], done);
      expect(verdict('I12', history)).toBe('violated 1/1');
      expect(judgeOne('I12', history).first?.text).toContain(
        'without regard to the schema. The same request was sent to openai/gpt-4o for the third ' +
          'time at 101.2 s; it can only fail again.',
      );
    });

    it.each([
      ['one copy', [deaf(gpt, 0), deaf(gpt, 600), ok(claude, 1200)]],
      ['other words', [deaf(gpt, 0), deaf(gpt, 600, 'shorter'), deaf(gpt, 1200, 'shorter')]],
      ['other targets', [deaf(gpt, 0), deaf(mini, 600), deaf(claude, 1200)]],
      [
        'copies of which one is heard',
        [deaf(gpt, 0), deaf(gpt, 600), ok(gpt, 1200, 500, { start: { body: 'question' } })],
      ],
    ])('does not accuse %s', (_, attempts) => {
      expect(verdict('I12', one(attempts, done))).toBe('held 1');
    });
  });
});
