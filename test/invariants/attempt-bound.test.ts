import { describe, expect, it } from 'vitest';
import { claude, gpt, judgeOne, lost, mini, ok, one, status, verdict } from './histories.ts';

const failed = { outcome: 'error' } as const;

describe('I05 attempt bound', () => {
  it('is not applicable to a healthy call', () => {
    expect(verdict('I05', one([ok(gpt, 0)], { outcome: 'complete' }))).toBe('not-applicable');
  });

  it('holds up to the limit', () => {
    const attempts = [0, 1, 2].flatMap((i) => [status(gpt, i * 500, 503)]);
    const history = one(
      [...attempts, ...[0, 1, 2].map((i) => status(claude, 2000 + i * 500, 529))],
      failed,
    );
    expect(verdict('I05', history)).toBe('held 1');
  });

  it('is violated by layers that multiply', () => {
    const nine = Array.from({ length: 9 }, (_, i) => status(gpt, i * 500, 503));
    const history = one(nine, failed);
    expect(verdict('I05', history)).toBe('violated 1/1');
    expect(judgeOne('I05', history).first?.text).toBe(
      '9 attempts from 100.0 s to 104.0 s (9 on openai/gpt-4o); at most 6 are allowed.',
    );
    expect(judgeOne('I05', history).limit).toBe('6 attempts');
  });

  it('uses the limit of the trial', () => {
    const history = one([status(gpt, 0, 503), status(gpt, 500, 503), ok(claude, 900)], {
      outcome: 'complete',
    });
    expect(verdict('I05', history, { limits: { attempts: 2 } })).toBe('violated 1/1');
  });

  it('counts each turn of a session by itself', () => {
    const turn = (number: number) => ({ start: { turn: number, body: `turn ${number}` } });
    const session = [1, 2, 3, 4, 5, 6, 7].map((n) => ok(gpt, n * 1_000, 900, turn(n)));
    expect(verdict('I05', one(session, { outcome: 'complete' }))).toBe('not-applicable');
    const failing = [1, 2, 3].map((n) => status(gpt, n * 1_000, 503, {}, turn(2)));
    const limits = { attempts: 3 };
    const fourth = ok(claude, 5_000, 900, turn(2));
    const whole = [ok(gpt, 0, 900, turn(1)), ...failing];
    expect(verdict('I05', one(whole, failed), { limits })).toBe('held 1');
    expect(verdict('I05', one([...whole, fourth], { outcome: 'complete' }), { limits })).toBe(
      'violated 1/1',
    );
  });

  it('counts a search for vectors by itself', () => {
    const search = ok('openai/text-embedding-3-small', 0, 200, { start: { vectors: true } });
    const six = Array.from({ length: 6 }, (_, i) => status(gpt, 300 + i * 500, 503));
    expect(verdict('I05', one([search, ...six], failed))).toBe('held 1');
    const again = Array.from({ length: 7 }, (_, i) =>
      status('openai/text-embedding-3-small', i * 500, 503, {}, { start: { vectors: true } }),
    );
    expect(verdict('I05', one(again, failed))).toBe('violated 1/1');
  });

  it('takes each text of a collection that is embedded one by one for a question of its own', () => {
    const target = 'openai/text-embedding-3-small';
    const text = (i: number) => ({ start: { vectors: true as const, body: `text ${i}` } });
    const eight = Array.from({ length: 8 }, (_, i) => i);
    const retried = eight.flatMap((i) => [
      status(target, i * 500, 503, {}, text(i)),
      ok(target, i * 500 + 200, 100, text(i)),
    ]);
    expect(verdict('I05', one(retried, { outcome: 'complete' }))).toBe('held 1');
    const many = eight.flatMap((i) =>
      eight.map((k) => status(target, i * 500 + k * 50, 503, {}, text(i % 4))),
    );
    expect(verdict('I05', one(many, failed))).toBe('violated 1/1');
  });

  it('is violated by a chain that starts over', () => {
    const history = one(
      [status(gpt, 0, 503), status(claude, 200, 529), status(gpt, 400, 503)],
      failed,
    );
    expect(verdict('I05', history)).toBe('violated 1/1');
    expect(judgeOne('I05', history).first?.text).toContain(
      'then openai/gpt-4o was asked the same again at 100.4 s',
    );
  });

  it('finds a second walk behind other targets', () => {
    const walk = [status(gpt, 0, 503), status(claude, 200, 529), status(mini, 400, 500)];
    expect(verdict('I05', one([...walk, status(gpt, 600, 503)], failed))).toBe('violated 1/1');
  });

  it.each([
    [
      'another key of the same model',
      [
        status(gpt, 0, 503),
        status(claude, 200, 529),
        ok(gpt, 400, 1000, { start: { key: 'second key' } }),
      ],
    ],
    [
      'lanes of a race that each retry',
      [
        lost(gpt, 0, 'reset', 500),
        lost(claude, 300, 'reset', 100),
        lost(claude, 700, 'reset', 100),
        ok(gpt, 900),
      ],
    ],
    [
      'a later step of a task after the fallback answered',
      [status(gpt, 0, 503), ok(claude, 200), ok(gpt, 1300)],
    ],
    [
      'a request that was made smaller',
      [
        status(gpt, 0, 400),
        status(claude, 200, 529),
        ok(gpt, 400, 1000, { start: { body: 'a shorter question' } }),
      ],
    ],
    ['retries in a row', [status(gpt, 0, 503), status(gpt, 400, 503), ok(claude, 900)]],
    [
      'a look at what is kept before the question and after it',
      [
        status(mini, 0, 503, {}, { start: { vectors: true } }),
        status(gpt, 200, 503),
        status(mini, 400, 503, {}, { start: { vectors: true } }),
      ],
    ],
  ])('does not take %s for a second walk', (_, attempts) => {
    expect(verdict('I05', one(attempts, { outcome: 'complete' }))).toBe('held 1');
  });
});
