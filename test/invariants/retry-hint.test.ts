import { describe, expect, it } from 'vitest';
import type { AttemptSpec } from './histories.ts';
import { claude, gpt, History, judgeOne, lost, ok, one, status, verdict } from './histories.ts';

const limited = (at: number, hintMs?: number | null): AttemptSpec =>
  status(gpt, at, 429, hintMs === undefined ? {} : { hintMs });
const done = { outcome: 'complete' } as const;
const failed = { outcome: 'error' } as const;

/** Attempts on the primary, each so many ms after the last was turned away. */
function chainOf(waits: number[], hint: unknown = null): AttemptSpec[] {
  let at = 0;
  const effect = { kind: 'reject', rejection: { reason: 'rate-limit', hint } };
  const first = { ...limited(0, hint === null ? undefined : null), effect };
  return [
    first,
    ...waits.map((wait) => {
      at += 100 + wait;
      return { ...limited(at, hint === null ? undefined : null), effect };
    }),
  ];
}

describe('I09 retry hint', () => {
  it('is not applicable where nothing was limited', () => {
    expect(verdict('I09', one([lost(gpt, 0), ok(gpt, 600)], done))).toBe('not-applicable');
  });

  it('holds where the hint is waited for', () => {
    expect(verdict('I09', one([limited(0, 2000), ok(gpt, 2100)], done))).toBe('held 1');
  });

  it('is violated by a retry before the hint is over', () => {
    const history = one([limited(0, 20_000), ok(gpt, 600)], done);
    expect(verdict('I09', history)).toBe('violated 1/1');
    expect(judgeOne('I09', history)).toMatchObject({
      limit: 'hints up to 60.0 s',
      first: {
        at: 100_600,
        text:
          'attempt 1 (openai/gpt-4o, 100.0 s): 429 after 0.1 s. The same target was asked again ' +
          'after 0.5 s; it should have waited 20.0 s, as it was told.',
      },
    });
  });

  it('is violated by a hint of a 503 that is ignored', () => {
    const history = one([status(gpt, 0, 503, { hintMs: 5000 }), ok(gpt, 600)], done);
    expect(verdict('I09', history)).toBe('violated 1/1');
  });

  it('is violated by an early return after a detour', () => {
    const history = one([limited(0, 20_000), lost(claude, 110), ok(gpt, 5000)], done);
    expect(verdict('I09', history)).toBe('violated 1/1');
  });

  it.each([
    ['another target at once', [limited(0, 20_000), ok(claude, 101)]],
    ['another key', [limited(0, 20_000), ok(gpt, 101, 1000, { start: { key: 'other' } })]],
    ['another region', [limited(0, 20_000), ok(gpt, 101, 1000, { start: { region: 'eu' } })]],
    ['a hint of nothing', [limited(0, 0), limited(101, 0), ok(gpt, 202)]],
    ['a lane of a race that had begun before', [limited(0, 20_000), ok(gpt, 50)]],
    ['a lane of a race on the same target', [limited(0, 20_000), limited(50, 0), ok(gpt, 200)]],
    ['a hint above the cap that is not waited for', [limited(0, 90_000), ok(gpt, 700)]],
    ['a wait up to the cap', [limited(0, 90_000), ok(gpt, 60_100)]],
  ])('does not accuse %s', (_, attempts) => {
    expect(verdict('I09', one(attempts, done))).toBe('held 1');
  });

  it('holds where the chain gives up at once', () => {
    expect(verdict('I09', one([limited(0, 90_000)], failed))).toBe('held 1');
  });

  it.each([
    ['and asked again', [limited(0, 90_000), ok(gpt, 90_100)], done],
    ['and asked another target', [limited(0, 90_000), ok(claude, 90_100)], done],
    ['and gave up', [limited(0, 90_000)], { ...failed, ends: 90_100 }],
    [
      'and was still asleep',
      [limited(0, 3_600_000)],
      { outcome: 'hung', hung: 'cut', ends: 1_200_000 },
    ],
  ] as const)('is violated by a chain that slept beyond the cap %s', (_, attempts, spec) => {
    expect(verdict('I09', one([...attempts], spec))).toBe('violated 1/1');
  });

  it('is violated by a long sleep after a short hint', () => {
    const history = one([limited(0, 1000), ok(gpt, 70_000)], done);
    expect(verdict('I09', history)).toBe('violated 1/1');
  });

  it('does not take a late end for a sleep where the hint was short', () => {
    const history = one([limited(0, 1000), lost(claude, 101, 'aborted', 90_000)], failed);
    expect(verdict('I09', history)).toBe('held 1');
  });

  it('is violated by a loop at full speed where the hint cannot be used', () => {
    const history = one(chainOf([1, 1], { retryAfter: '-1' }), failed);
    expect(verdict('I09', history)).toBe('violated 1/1');
    expect(judgeOne('I09', history).first?.text).toContain(
      'asked again after 1 ms and then after 1 ms; without a hint there should be backoff',
    );
  });

  it('does not take short draws of jitter for a loop', () => {
    expect(verdict('I09', one(chainOf([40, 30]), failed))).toBe('held 1');
    const mostly = new History();
    for (let i = 0; i < 30; i++) mostly.call(chainOf(i === 7 ? [400, 900] : [3, 20]), failed);
    expect(verdict('I09', mostly)).toBe('held 30');
  });

  it('takes many short waits and not one long one for a loop', () => {
    const history = new History();
    for (let i = 0; i < 8; i++) history.call(chainOf([20, 45]), failed);
    expect(verdict('I09', history)).toBe('violated 8/8');
  });

  it('tells a loop on one form of the hint from backoff on another', () => {
    const history = new History()
      .call(chainOf([400, 900]), failed)
      .call(chainOf([1, 1], { retryAfter: 'soon' }), failed);
    expect(verdict('I09', history)).toBe('violated 1/2');
  });

  it('does not take a wait for another lane of a race for a sleep', () => {
    const limits = { limits: { hintCapMs: 3_000 } };
    const race = [limited(0, 60_000), ok(claude, 50, 8_000)];
    expect(verdict('I09', one(race, done), limits)).not.toMatch('violated');
    const slept = [limited(0, 60_000), ok(claude, 8_000)];
    expect(verdict('I09', one(slept, done), limits)).toBe('violated 1/1');
  });

  it('does not take a single quick retry for a loop', () => {
    expect(verdict('I09', one(chainOf([1]), failed))).toBe('held 1');
  });

  it('is violated by single retries that come at once in every call', () => {
    const history = (wait: number): History => {
      const all = new History();
      for (let i = 0; i < 12; i++) all.call(chainOf([wait]), failed);
      return all;
    };
    expect(verdict('I09', history(1))).toBe('violated 12/12');
    expect(judgeOne('I09', history(1)).first?.text).toContain(
      'asked again after 1 ms, as after every such answer of the trial',
    );
    expect(verdict('I09', history(30))).toBe('held 12');
  });

  it('lets a chain come later than it was told, so that a crowd spreads', () => {
    const own = { ownLimits: { hintCapMs: 3_000 }, limits: { hintCapMs: 3_000 } };
    const spread = one([limited(0, 3_000), ok(gpt, 5_900)], done);
    expect(verdict('I09', spread, own)).toBe('held 1');
    const slept = one([limited(0, 3_000), ok(gpt, 6_600)], done);
    expect(verdict('I09', slept, own)).toBe('violated 1/1');
  });
});
