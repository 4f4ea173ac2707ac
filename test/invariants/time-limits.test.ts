import { describe, expect, it } from 'vitest';
import type { AttemptSpec } from './histories.ts';
import {
  claude,
  gpt,
  History,
  judgeOne,
  lost,
  ok,
  one,
  partly,
  status,
  verdict,
} from './histories.ts';

const failed = { outcome: 'error' } as const;
const stall = { effect: { kind: 'stall' } };

function silent(
  until: number,
  how: 'aborted' | 'client-timeout' | 'open' = 'aborted',
): AttemptSpec {
  return partly(gpt, 0, { from: 500, to: 2000, until, how });
}

describe('I06 idle limit', () => {
  it('holds where a silent stream is ended in time', () => {
    expect(verdict('I06', one([silent(12_200), ok(claude, 12_210)], failed))).toBe('held 1');
    expect(verdict('I06', one([silent(5000)], failed))).toBe('held 1');
  });

  it.each(['aborted', 'client-timeout', 'open'] as const)(
    'is violated by a silent stream that is kept (%s)',
    (how) => {
      expect(verdict('I06', one([silent(60_000, how)], failed))).toBe('violated 1/1');
    },
  );

  it('says since when it was silent', () => {
    expect(judgeOne('I06', one([silent(60_000)], failed))).toMatchObject({
      limit: '10.0 s without payload',
      first: {
        at: 112_000,
        text:
          'attempt 1 (openai/gpt-4o, 100.0 s): given up by the chain after 60.0 s. Its last ' +
          'payload came at 102.0 s and the chain waited until 160.0 s; it should have ended the ' +
          'attempt 10.0 s after it.',
      },
    });
  });

  it('is violated where nothing would ever end it, however early the trial knows', () => {
    const history = one([silent(3000, 'open')], { outcome: 'hung', hung: 'proven' });
    expect(verdict('I06', history)).toBe('violated 1/1');
    expect(judgeOne('I06', history).first?.text).toContain('the chain waited for ever');
  });

  it('does not accuse a trial that ended before the limit', () => {
    const history = one([silent(3000, 'open')], { outcome: 'hung', hung: 'cut' });
    expect(verdict('I06', history)).toBe('not-applicable');
  });

  it('is violated by an injected pause that the chain sat out', () => {
    const history = one([ok(gpt, 0, 20_000, { ...stall, end: { gap: 15_000 } })], {
      outcome: 'complete',
    });
    expect(verdict('I06', history)).toBe('violated 1/1');
  });

  it('is violated by an injected silence before the terminal marker that the chain sat out', () => {
    const late = { end: { last: 2000, gap: 100 } };
    const sat = one([ok(gpt, 0, 20_000, { ...stall, ...late })], { outcome: 'complete' });
    expect(verdict('I06', sat)).toBe('violated 1/1');
    expect(judgeOne('I06', sat).first?.text).toContain('Its last payload came at 102.0 s');
    const own = one([ok(gpt, 0, 20_000, late)], { outcome: 'complete' });
    expect(verdict('I06', own)).toBe('not-applicable');
  });

  it('takes no pause for one that the provider made itself, or that came before the payload', () => {
    const own = one([ok(gpt, 0, 20_000, { end: { gap: 15_000 } })], { outcome: 'complete' });
    expect(verdict('I06', own)).toBe('held 1');
    const thinking = ok(gpt, 0, 20_000, { ...stall, end: { first: 19_000, gap: 19_000 } });
    expect(verdict('I06', one([thinking], { outcome: 'complete' }))).toBe('not-applicable');
  });

  it('does not accuse a chain that moved on and left the stream open behind it', () => {
    const history = one([silent(300_000, 'open'), ok(claude, 8000)], { outcome: 'complete' });
    expect(verdict('I06', history)).toBe('held 1');
    expect(verdict('I06', one([silent(300_000, 'open')], { ...failed, ends: 9000 }))).toBe(
      'held 1',
    );
  });

  it('does not judge a stream that stays open behind its terminal marker', () => {
    const attempt = ok(gpt, 0, 1000, { end: { t: 60_000, how: 'open' } });
    expect(verdict('I06', one([attempt], { outcome: 'complete', ends: 60_000 }))).toBe(
      'not-applicable',
    );
  });

  it('does not judge a body that comes at once', () => {
    const half = partly(gpt, 0, { from: 500, to: 500, until: 20_000, how: 'aborted' });
    expect(verdict('I06', one([{ ...half, start: { stream: false } }], failed))).toBe(
      'not-applicable',
    );
  });

  it('holds for a long stream with steady progress', () => {
    expect(verdict('I06', one([ok(gpt, 0, 25_000)], { outcome: 'complete' }))).toBe('held 1');
  });

  const flowing = (until: number): AttemptSpec =>
    partly(gpt, 0, { from: 500, to: until - 20, until, how: 'aborted' });

  const own = { ownLimits: { attemptMs: 30_000, deadlineMs: 30_000 } };

  it('is violated by a timer that cuts steady progress', () => {
    const history = one([flowing(12_000), ok(claude, 12_010)], { outcome: 'complete' });
    expect(verdict('I06', history, own)).toBe('violated 1/1');
    expect(judgeOne('I06', history, own).first?.text).toContain(
      'although payload came from 100.5 s to 112.0 s without a pause. It was 12.0 s old',
    );
  });

  it('takes a cut for a limit of the chain’s own where it declares none', () => {
    const cut = [flowing(12_000), ok(claude, 12_010)];
    expect(verdict('I06', one(cut, { outcome: 'complete' }))).toBe('held 1');
    const patient = one([ok(gpt, 0, 25_000)], { outcome: 'complete' });
    patient.call(cut, { outcome: 'complete' });
    expect(verdict('I06', patient)).toBe('violated 1/2');
  });

  it.each([
    ["the caller's abort", [flowing(12_000)], { outcome: 'aborted' }, {}],
    ['the attempt limit', [flowing(12_000)], failed, { limits: { attemptMs: 12_000 } }],
    ['the deadline', [flowing(12_000)], failed, { limits: { deadlineMs: 12_000 } }],
    ["the user's patience", [flowing(12_000)], failed, { deadlineMs: 12_000 }],
    ['a race', [flowing(12_000), ok(claude, 5000, 6500)], { outcome: 'complete' }, {}],
    ['an answer that was enough', [flowing(12_000)], { outcome: 'truncated' }, {}],
    [
      'a decision about the text',
      [partly(gpt, 0, { from: 500, to: 12_000, until: 12_000, how: 'aborted' })],
      failed,
      {},
    ],
    [
      'a pause',
      [partly(gpt, 0, { from: 500, to: 9000, until: 12_000, how: 'aborted' })],
      failed,
      {},
    ],
    [
      'progress with long pauses',
      [
        partly(
          gpt,
          0,
          { from: 500, to: 11_900, until: 12_000, how: 'aborted' },
          { end: { gap: 4000 } },
        ),
      ],
      failed,
      {},
    ],
    ['the first words', [flowing(1500)], failed, {}],
    ['the terminal marker', [ok(gpt, 0, 12_000, { end: { how: 'aborted' } })], failed, {}],
  ] as const)('does not take %s for a cut', (_, attempts, spec, view) => {
    expect(verdict('I06', one([...attempts], spec), { ...own, ...view })).not.toContain('violated');
  });
});

describe('I07 attempt limit', () => {
  it('is not applicable to attempts that end by themselves', () => {
    const history = one([status(gpt, 0, 503), ok(claude, 200, 20_000)], { outcome: 'complete' });
    expect(verdict('I07', history)).toBe('not-applicable');
  });

  it.each([
    ['connect or headers', lost(gpt, 0, 'aborted', 60_000), 'No headers came'],
    [
      'the success body',
      lost(gpt, 0, 'aborted', 60_000, { reply: { t: 300, status: 200 } }),
      'Headers came at 100.3 s, but no payload',
    ],
    [
      'the error body',
      status(gpt, 0, 400, {}, { end: { t: 60_000, how: 'aborted' } }),
      'Its error body came after headers at 100.1 s',
    ],
    [
      'a slow body',
      partly(gpt, 0, { from: 500, to: 59_000, until: 60_000, how: 'reset' }),
      'Its last payload came at 159.0 s',
    ],
  ])('covers %s', (_, attempt, words) => {
    const history = one([attempt], failed);
    expect(verdict('I07', history)).toBe('violated 1/1');
    expect(judgeOne('I07', history).first?.text).toContain(words);
    expect(judgeOne('I07', history).first?.at).toBe(130_000);
    expect(verdict('I07', history, { limits: { attemptMs: 60_000 } })).not.toContain('violated');
  });

  it('holds where the chain ends a silent attempt in time', () => {
    const history = one([lost(gpt, 0, 'aborted', 30_100), ok(claude, 30_110)], {
      outcome: 'complete',
    });
    expect(verdict('I07', history)).toBe('held 1');
  });

  it('grants the HTTP client a second for its own limits', () => {
    const limits = { attemptMs: 300_000 };
    const history = one([lost(gpt, 0, 'client-timeout', 301_000)], failed);
    expect(verdict('I07', history, { limits })).not.toContain('violated');
    const chains = one([lost(gpt, 0, 'aborted', 301_000)], failed);
    expect(verdict('I07', chains, { limits })).toBe('violated 1/1');
  });

  it('is violated where nothing would ever end the attempt', () => {
    const never = one([lost(gpt, 0, 'open', 2000, { end: null })], {
      outcome: 'hung',
      hung: 'proven',
      ends: 2000,
    });
    expect(verdict('I07', never)).toBe('violated 1/1');
  });

  it('does not accuse a chain that moved on and left the attempt open behind it', () => {
    const history = one([lost(gpt, 0, 'open', 300_000), ok(claude, 8000)], { outcome: 'complete' });
    expect(verdict('I07', history)).toBe('held 1');
  });

  it('does not count time after the outcome', () => {
    const history = one([lost(gpt, 0, 'open', 300_000)], { ...failed, ends: 9000 });
    expect(verdict('I07', history)).toBe('held 1');
  });
});

describe('I08 total deadline', () => {
  const both = { targets: [gpt, claude] };

  it('is not applicable to a healthy call', () => {
    expect(verdict('I08', one([ok(gpt, 0)], { outcome: 'complete' }))).toBe('not-applicable');
  });

  it('is violated by any outcome after the deadline', () => {
    const history = one([ok(gpt, 0, 45_000)], { outcome: 'complete' });
    expect(verdict('I08', history)).toBe('violated 1/1');
    expect(judgeOne('I08', history)).toMatchObject({
      limit: '30.0 s a call',
      first: {
        at: 130_000,
        text:
          'The chain was asked at 100.0 s; the outcome should have come by 130.0 s. The outcome ' +
          'came at 145.0 s. Its last was attempt 1 (openai/gpt-4o, 100.0 s): complete after 45.0 s.',
      },
    });
  });

  it.each(['proven', 'spinning'] as const)('is violated by a hung call (%s)', (hung) => {
    expect(verdict('I08', one([], { outcome: 'hung', hung, ends: 10 }))).toBe('violated 1/1');
  });

  it('does not accuse a call that was cut off before its deadline', () => {
    const early = one([], { outcome: 'hung', hung: 'cut', ends: 10_000 });
    expect(verdict('I08', early)).toBe('not-applicable');
    const late = one([], { outcome: 'hung', hung: 'cut', ends: 1_200_000 });
    expect(verdict('I08', late)).toBe('violated 1/1');
  });

  it('holds for an error at the deadline', () => {
    const history = one([lost(gpt, 0, 'aborted', 30_000)], { ...failed, ends: 30_100 });
    expect(verdict('I08', history)).toBe('held 1');
  });

  it("does not hold the chain to account for the caller's abort", () => {
    const history = one([lost(gpt, 0, 'aborted', 5000)], { outcome: 'aborted' });
    expect(verdict('I08', history, both)).toBe('not-applicable');
  });

  it('is violated where the hanging primary leaves no time at all', () => {
    const history = one([lost(gpt, 0, 'aborted', 29_900)], failed);
    expect(verdict('I08', history, both)).toBe('violated 1/1');
    expect(judgeOne('I08', history, both).first?.text).toContain(
      'having sent nothing. The caller got the error at 129.9 s; anthropic/claude should have',
    );
  });

  it('is violated where the chain gives up after a hang although it knows a way', () => {
    const history = new History()
      .call([status(gpt, 0, 503), ok(claude, 110)], { outcome: 'complete' })
      .call([lost(gpt, 0, 'aborted', 10_000)], failed);
    expect(verdict('I08', history)).toBe('violated 1/2');
  });

  it('does not accuse where no other target is known, or the known one has failed', () => {
    const hang = lost(gpt, 0, 'aborted', 29_900);
    expect(verdict('I08', one([hang], failed))).toBe('held 1');
    const sick = new History()
      .call([status(gpt, 0, 503), status(claude, 110, 529)], failed)
      .call([hang], failed);
    expect(verdict('I08', sick, both)).toBe('held 2');
  });

  const squeezed = (at: number, until = 30_000): AttemptSpec[] => [
    lost(gpt, 0, 'aborted', at),
    lost(claude, at, 'aborted', until - at),
  ];

  it('is violated where the next target gets less than half of its share', () => {
    const history = one(squeezed(25_000), failed);
    expect(verdict('I08', history)).toBe('violated 1/1');
    expect(judgeOne('I08', history).first?.text).toContain(
      'It left anthropic/claude only 5.0 s before the deadline at 130.0 s; half of an equal share is 7.5 s.',
    );
  });

  it.each([
    ['it had half of its share', squeezed(22_000)],
    ['its own limit ended it before the deadline', squeezed(25_000, 28_000)],
    ['it was quicker to be given up than to be asked', [...squeezed(2000, 4000)]],
    [
      'it had sent payload',
      [
        lost(gpt, 0, 'aborted', 25_000),
        partly(claude, 25_000, { from: 25_500, to: 29_000, until: 30_000, how: 'aborted' }),
      ],
    ],
    ['it failed by itself', [lost(gpt, 0, 'aborted', 28_000), status(claude, 28_010, 529)]],
  ] as const)('does not accuse where %s', (_, attempts) => {
    expect(verdict('I08', one([...attempts], failed))).toBe('held 1');
  });
});
