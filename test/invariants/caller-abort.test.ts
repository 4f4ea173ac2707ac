import { describe, expect, it } from 'vitest';
import {
  claude,
  gpt,
  type History,
  judgeOne,
  lost,
  ok,
  one,
  status,
  verdict,
} from './histories.ts';

const left = (at: number, released: number | null = at) =>
  ({ outcome: 'aborted', left: { at, released } }) as const;

describe('I25 caller abort', () => {
  it('is not applicable where every caller waits', () => {
    expect(verdict('I25', one([lost(gpt, 0), ok(claude, 200)], { outcome: 'complete' }))).toBe(
      'not-applicable',
    );
  });

  it.each([
    ['closes what was open', [lost(gpt, 0, 'aborted', 2000)], left(2000)],
    ['closes it a moment later', [lost(gpt, 0, 'aborted', 2900)], left(2000, 2900)],
    ['was asleep and wakes', [status(gpt, 0, 503)], left(500)],
    ['had sent a request that it takes back', [lost(gpt, 2000, 'aborted', 3)], left(2000)],
    [
      'runs a hedge on',
      [lost(gpt, 0, 'aborted', 900), lost(claude, 300, 'aborted', 600)],
      left(900),
    ],
    ['had asked nobody yet', [], left(2000)],
  ])('holds where the chain %s', (_, attempts, spec) => {
    expect(verdict('I25', one(attempts, spec))).toBe('held 1');
  });

  it('is violated by a next attempt', () => {
    const history = one([lost(gpt, 0, 'aborted', 2000), ok(claude, 2000)], left(2000, 3000));
    expect(verdict('I25', history)).toBe('violated 1/1');
    expect(judgeOne('I25', history)).toMatchObject({
      limit: '1.0 s after the caller has gone',
      first: {
        at: 102_000,
        text:
          'The caller left at 102.0 s, and then there was attempt 2 (anthropic/claude, 102.0 s): ' +
          'complete after 1.0 s; nothing should have been asked any more.',
      },
    });
  });

  it('is violated by work that goes on at the provider', () => {
    const history = one([ok(gpt, 0, 20_000)], left(2000));
    expect(judgeOne('I25', history).first).toMatchObject({
      at: 103_000,
      text:
        'The caller left at 102.0 s, and the chain went on with attempt 1 (openai/gpt-4o, ' +
        '100.0 s): complete after 20.0 s; it should have been closed by 103.0 s.',
    });
  });

  it('is violated by a sleep that is slept to its end', () => {
    const history = one([status(gpt, 0, 503)], left(150, 4000));
    expect(judgeOne('I25', history).first).toMatchObject({ at: 101_150 });
    expect(judgeOne('I25', history).first?.text).toContain('let go of the call at 104.0 s');
  });

  it('is violated by a tool that is begun after the caller left, not by one that runs on', () => {
    const history = (t: number): History => {
      const made = one([ok(gpt, 0, 1_900)], left(2_000));
      const tool = { e: 'tool' as const, t, call: 1, name: 'refund', arguments: '{}', ok: true };
      for (const record of made.records) record.tools = [tool];
      return made;
    };
    expect(verdict('I25', history(101_950))).toBe('held 1');
    expect(verdict('I25', history(104_000))).toBe('violated 1/1');
    expect(judgeOne('I25', history(104_000)).first?.text).toContain(
      'The chain ran refund at 104.0 s; nothing should have been begun any more.',
    );
  });

  it('is violated by a chain that never lets go, if the trial lasts so long', () => {
    const history = (closes: number): History =>
      one([status(gpt, 0, 503)], left(150, null)).over(closes);
    expect(verdict('I25', history(200_000))).toBe('violated 1/1');
    expect(verdict('I25', history(101_000))).toBe('held 1');
  });

  it('leaves work alone that somebody else may wait for', () => {
    const history = one([ok(gpt, 0, 20_000)], left(2000)).call([], {
      outcome: 'complete',
      ends: 20_000,
      starts: 101_000,
      call: { repeats: 1 },
    });
    expect(verdict('I25', history)).toBe('held 1');
  });

  it('knows a probe from an attempt', () => {
    const probe = { ...ok(claude, 9000), start: { beside: true as const } };
    const history = one([lost(gpt, 0, 'aborted', 2000), probe], left(2000));
    expect(verdict('I25', history)).toBe('held 1');
  });
});
