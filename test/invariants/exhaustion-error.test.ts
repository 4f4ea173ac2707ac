import { describe, expect, it } from 'vitest';
import type { CallerError } from '../../harness/history.ts';
import { describeError } from '../../harness/trial/caller-error.ts';
import type { AttemptSpec, History } from './histories.ts';
import {
  claude,
  gpt,
  inBand,
  judgeOne,
  lost,
  mini,
  ok,
  one,
  status,
  verdict,
} from './histories.ts';

function exhausted(attempts: AttemptSpec[], error: Partial<CallerError>, ends?: number): History {
  const whole: CallerError = { name: 'Error', message: '', causes: [], ...error };
  return one(attempts, { outcome: 'error', answer: { error: whole }, ...(ends ? { ends } : {}) });
}

const primary = status(gpt, 0, 503, { reason: 'overloaded' });
const badRequest = status(claude, 110, 400, { reason: 'invalid-request' });

/** Silent from its headers on until the chain gave it up. */
const silent = lost(gpt, 0, 'aborted', 5_000, { reply: { t: 50, status: 200 } });

describe('I22, where a failure is told in other words than its own', () => {
  it.each<[string, AttemptSpec, Partial<CallerError>]>([
    [
      'a line that is no JSON, by a parser',
      { ...silent, effect: { kind: 'bad-line', instead: true } },
      { name: 'SyntaxError', message: 'Error reading response: malformed event' },
    ],
    ['a silence, as a stream that ended', silent, { message: 'response stream ended' }],
    [
      'an error whose body never came, by the time that passed',
      { ...primary, end: { t: 6_000, how: 'aborted' } },
      { name: 'TimeoutError', message: 'The operation was aborted due to timeout' },
    ],
  ])('holds: %s', (_, attempt, error) => {
    expect(verdict('I22', exhausted([attempt], error, 6_100))).toBe('held 1');
  });

  it('is violated where nothing of it is told', () => {
    expect(verdict('I22', exhausted([silent], { message: 'sorry' }, 6_100))).toBe('violated 1/1');
  });
});

describe('I22, where words are only pieces of others', () => {
  const fallback = status(mini, 110, 400, { reason: 'invalid-request' });
  it.each([
    [
      "the fallback's model, whose name begins with the primary's",
      [primary, fallback],
      '400 The model `gpt-4o-mini` has no such parameter',
    ],
    ['the provider of both', [primary, fallback], '400 openai does not take this'],
    ['a host name', [primary, badRequest], '400 see api.openai.com.example'],
    ['an amount that is a number like the status', [primary, badRequest], '400 in 503 ms'],
    ['a longer number', [primary, badRequest], '400 (request 150377)'],
    ['a word inside another', [primary, badRequest], '400 refused by the observer'],
    ['a silence, as a change', [silent, badRequest], 'The exchange is not possible'],
  ])('is violated: %s', (_, attempts, message) => {
    expect(verdict('I22', exhausted(attempts, { message, status: 400 }))).toBe('violated 1/1');
    expect(verdict('I22', exhausted(attempts, { message }))).toBe('violated 1/1');
  });

  it.each([
    ['the model', 'gpt-4o failed, gpt-4o-mini too'],
    ['the target', 'Failed: openai/gpt-4o.'],
    ['the status beside a unit that is none', 'HTTP503, then 400'],
    ['a class', 'ServiceUnavailableError and another'],
  ])('holds: %s', (_, message) => {
    expect(verdict('I22', exhausted([primary, fallback], { message }))).toBe('held 1');
  });

  it('quotes a long error as far as there is space, and says that it goes on', () => {
    const history = exhausted([primary, badRequest], { message: 'sorry '.repeat(50) });
    expect(judgeOne('I22', history).first?.text).toContain('sorry s…. It should keep');
  });
});

describe('I22 exhaustion', () => {
  it.each([
    ['a status', { message: 'all failed', status: 503 }],
    ['a message', { message: 'openai answered 503, anthropic 400' }],
    [
      'a cause',
      { message: 'all failed', causes: ['BadRequestError: 400', 'APIError: overloaded'] },
    ],
    ['the name of a class', { name: 'ServiceUnavailableError', message: 'sorry' }],
    ['a code', { message: 'sorry', code: 'server_is_overloaded' }],
    [
      'a list of attempts',
      {
        message: 'sorry',
        attempts: [
          { target: gpt, outcome: 'failed' },
          { target: claude, outcome: 'failed' },
        ],
      },
    ],
    ['a status of its own for what is down behind it', { message: 'sorry', status: 502 }],
  ])('holds where %s keeps the cause', (_, error) => {
    expect(verdict('I22', exhausted([primary, badRequest], error))).toBe('held 1');
  });

  it.each([
    [
      "the fallback's error alone",
      { name: 'BadRequestError', message: '400 no prefill', status: 400 },
    ],
    ['words that say nothing', { message: 'Something went wrong' }],
    ["the fallback's status alone", { message: 'internal', status: 400 }],
  ])('is violated by %s', (_, error) => {
    expect(verdict('I22', exhausted([primary, badRequest], error))).toBe('violated 1/1');
  });

  it('holds where one of several errors in it keeps the cause', () => {
    const all = new AggregateError([new Error('503'), new Error('400')], 'All were rejected');
    expect(verdict('I22', exhausted([primary, badRequest], describeError(all)))).toBe('held 1');
    const other = new AggregateError([new Error('400')], 'All were rejected');
    const told = exhausted([primary, badRequest], describeError(other));
    expect(verdict('I22', told)).toBe('violated 1/1');
  });

  it("is violated by another server error than the primary's", () => {
    const both = [primary, status(claude, 110, 500)];
    const error = { name: 'InternalServerError', message: '500 api_error', status: 500 };
    expect(verdict('I22', exhausted(both, error))).toBe('violated 1/1');
    const kept = { ...error, causes: ['InternalServerError: busy [503]'] };
    expect(verdict('I22', exhausted(both, kept))).toBe('held 1');
  });

  it('names the lost cause', () => {
    const history = exhausted([primary, badRequest], { message: 'sorry' });
    expect(judgeOne('I22', history).first?.text).toBe(
      'attempt 1 (openai/gpt-4o, 100.0 s): 503 overloaded after 0.1 s. The error that the caller ' +
        'got at 100.2 s does not tell it: Error: sorry. It should keep the cause of the first target.',
    );
  });

  it.each([
    ['a reset', lost(gpt, 0), { name: 'APIConnectionError', message: 'Connection error.' }],
    ['a reset', lost(gpt, 0), { name: 'TypeError', message: 'fetch failed' }],
    ['a timeout', lost(gpt, 0, 'aborted', 8000), { message: 'Request timed out.' }],
    [
      'a timeout',
      lost(gpt, 0, 'aborted', 8000),
      { name: 'AbortError', message: 'This operation…' },
    ],
    [
      'an unknown host',
      lost(gpt, 0, 'dns'),
      { message: 'sorry', causes: ['Error: getaddrinfo ENOTFOUND'] },
    ],
    ['a wrong key', status(gpt, 0, 401), { message: 'Incorrect API key provided' }],
    ['a rate limit', status(gpt, 0, 429), { message: 'Too Many Requests' }],
    ['an overload inside a 200', inBand(gpt, 0, 'overloaded'), { message: 'Overloaded' }],
    [
      'cut JSON',
      lost(gpt, 0, 'short', 100, { reply: { t: 0, status: 200 } }),
      { name: 'SyntaxError', message: 'Unexpected end of JSON input' },
    ],
    [
      'injected words',
      status(
        gpt,
        0,
        503,
        {},
        { effect: { kind: 'reject', rejection: { message: 'Bitte später' } } },
      ),
      { message: 'Fehler: Bitte später' },
    ],
  ])('knows %s again in the words of the error', (_, attempt, error) => {
    expect(verdict('I22', exhausted([attempt], error))).toBe('held 1');
  });

  it('takes the cause of any attempt on the primary', () => {
    const history = exhausted([primary, lost(gpt, 600), badRequest], { message: 'socket hang up' });
    expect(verdict('I22', history)).toBe('held 1');
  });

  it('is violated by a list that leaves a target out, not by one without retries', () => {
    const short = { message: '503', attempts: [{ target: gpt, outcome: '503' }] };
    const history = exhausted([primary, badRequest], short);
    expect(verdict('I22', history)).toBe('violated 1/1');
    expect(judgeOne('I22', history).first?.text).toContain('lists 1 attempts; on the wire were 2');
    expect(verdict('I22', exhausted([primary, status(gpt, 600, 503)], short))).toBe('held 1');
  });

  it('is violated by a list with the attempts of other calls, not by one with what was skipped', () => {
    const listed = (count: number): History => {
      const attempts = Array.from({ length: count }, () => ({ target: gpt, outcome: '503' }));
      return exhausted([primary, badRequest], { causes: ['503 overloaded'], attempts });
    };
    expect(verdict('I22', listed(10))).toBe('held 1');
    expect(verdict('I22', listed(46))).toBe('violated 1/1');
    expect(judgeOne('I22', listed(46)).first?.text).toContain('lists 46 attempts; the call made 2');
  });

  it('is violated by an error that keeps the caller waiting for nothing', () => {
    expect(verdict('I22', exhausted([primary], { message: '503' }, 15_000))).toBe('violated 1/1');
    expect(verdict('I22', exhausted([primary], { message: '503' }, 5000))).toBe('held 1');
    const hinted = status(gpt, 0, 429, { hintMs: 30_000 });
    expect(verdict('I22', exhausted([hinted], { message: '429' }, 15_000))).toBe('held 1');
  });

  it('is asked of what came after the last turn of a session that went well', () => {
    const step = ok(gpt, 0, 900, { reply: { calls: 1 } });
    const late = status(gpt, 1_000, 503, { reason: 'overloaded' }, { start: { turn: 2 } });
    expect(verdict('I22', exhausted([step, late], { message: '503' }))).toBe('held 1');
    expect(verdict('I22', exhausted([step, late], { message: 'Oh no' }))).toBe('violated 1/1');
  });

  it('does not ask for a model that is none of the targets, as a guard is', () => {
    const guard = status(mini, 0, 503);
    const rest = [status(gpt, 200, 503), status(claude, 400, 529)];
    const error = {
      message: '503',
      attempts: [gpt, claude].map((target) => ({ target, outcome: '503' })),
    };
    const targets = [gpt, claude];
    expect(verdict('I22', exhausted([guard, ...rest], error), { targets })).toBe('held 1');
    const answered = exhausted([ok(mini, 0), ...rest], { message: 'Oh no' });
    expect(verdict('I22', answered, { targets })).toBe('violated 1/1');
  });

  it.each([
    ['a target answered', one([primary, ok(claude, 110)], { outcome: 'error' })],
    ['nothing was asked', one([], { outcome: 'error' })],
    ['a polite reply came', one([primary], { outcome: 'degraded' })],
    ['the caller gave up', one([primary], { outcome: 'aborted' })],
  ])('is not applicable where %s', (_, history) => {
    expect(verdict('I22', history)).toBe('not-applicable');
  });
});
