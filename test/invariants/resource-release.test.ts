import { describe, expect, it } from 'vitest';
import { claude, gpt, History, judgeOne, lost, ok, one, status, verdict } from './histories.ts';

const done = { outcome: 'complete' } as const;

describe('I26 resource release: sockets', () => {
  it('is not applicable where all is read to its end', () => {
    expect(verdict('I26', one([ok(gpt, 0)], done))).toBe('not-applicable');
  });

  it.each([
    ['closed at once', lost(gpt, 0, 'aborted', 2000)],
    ['the loser of a race that may end by itself', ok(gpt, 0, 20_000)],
  ])('holds for %s', (_, first) => {
    const history = one([first, ok(claude, 2000, 1000)], { ...done, ends: 3000 });
    expect(verdict('I26', history)).toMatch(/held|not-applicable/);
  });

  it('is violated by a connection that stays open behind its call', () => {
    const leak = lost(gpt, 0, 'client-timeout', 300_000);
    const history = one([leak, ok(claude, 9000, 1000)], { ...done, ends: 10_000 });
    expect(verdict('I26', history)).toBe('violated 1/1');
    expect(judgeOne('I26', history)).toMatchObject({
      limit: 'sockets 30.0 s after the call',
      first: {
        at: 140_250,
        text:
          'The call was over at 110.0 s, and its connection stayed open: attempt 1 ' +
          "(openai/gpt-4o, 100.0 s): ended by the HTTP client's own limit after 300.0 s. It " +
          'should have been closed by 140.3 s.',
      },
    });
  });

  it('is violated soon where the caller has gone', () => {
    const left = { outcome: 'aborted', left: { at: 400 } } as const;
    expect(verdict('I26', one([lost(gpt, 0, 'aborted', 4000)], left))).toBe('violated 1/1');
    expect(verdict('I26', one([lost(gpt, 0, 'aborted', 900)], left))).toBe('held 1');
  });
});

describe('I26 resource release: timers', () => {
  const history = (calls: number, everyMs: number | null): History => {
    const made = new History();
    for (let i = 0; i < 20; i++) made.call([ok(gpt, 0)], done);
    return made.over(9_000_000, { timers: { calls, call: 3, setMs: 300_000, everyMs } });
  };

  it('is violated where they grow with the calls', () => {
    expect(verdict('I26', history(12, 15_000))).toBe('violated 12/12');
    expect(judgeOne('I26', history(12, 15_000)).first?.text).toBe(
      'When the trial ended, an interval of 15.0 s was still set that call 3 had set at 300.0 s, ' +
        'and so with 12 calls that were long over. A call should leave no timer behind.',
    );
    expect(judgeOne('I26', history(12, null)).first?.text).toContain('a timer was still set');
  });

  it('does not accuse a chain of what it has one of for each target', () => {
    expect(verdict('I26', history(3, 15_000))).toBe('not-applicable');
  });
});

describe('I26 resource release: counters', () => {
  /** Crowds of ten, two minutes apart; the last is refused. */
  const crowds = (refused: number): History => {
    const made = new History();
    for (let i = 0; i < 30; i++) {
      const starts = 120_000 * Math.floor(i / 10);
      const failed = [status(gpt, 0, 502), ok(claude, 200)];
      if (i < 30 - refused) made.call(failed, { ...done, starts });
      else made.call([], { outcome: 'error', ends: 5, starts });
    }
    return made;
  };
  const view = { targets: [gpt, claude] };

  it('is violated where calls are refused when nothing is in flight any more', () => {
    expect(verdict('I26', crowds(10), view)).toMatch(/^violated 10/);
    expect(judgeOne('I26', crowds(10), view).first?.text).toBe(
      'Nobody was asked for the call at 240.0 s, which got an error, though nothing had been on ' +
        'its way since 121.2 s and anthropic/claude never had failed. What counts calls in flight ' +
        'should be at nought by then.',
    );
  });

  it('does not accuse who is asked for, nor who refuses a few', () => {
    expect(verdict('I26', crowds(0), view)).toBe('held 30');
    expect(verdict('I26', crowds(4), view)).toBe('held 26');
  });
});
