import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../harness/rng.ts';
import type { AttemptSpec } from './histories.ts';
import { claude, gpt, History, judgeOne, lost, mini, ok, status, verdict } from './histories.ts';

const targets = [gpt, claude, mini];
const done = { outcome: 'complete' } as const;

/** Calls ten seconds apart: p begins with the primary, f with the fallback, others as said. */
function calls(plan: string, others: Record<string, AttemptSpec[]> = {}): History {
  const history = new History();
  for (const [index, letter] of [...plan].entries()) {
    const starts = (index + 1) * 10_000;
    if (letter === '-') history.call([], { outcome: 'degraded', ends: 5, starts });
    else if (letter === 'l') {
      const left = { at: 100 };
      history.call([lost(gpt, 0, 'aborted', 100)], { outcome: 'aborted', left, starts });
    } else {
      const attempts = others[letter] ?? [ok(letter === 'p' ? gpt : claude, 0)];
      history.call(attempts, { ...done, starts });
    }
  }
  return history;
}

const bad = { b: [status(gpt, 0, 400, { reason: 'context-length' }), ok(claude, 200)] };
const ill = { i: [status(gpt, 0, 503), ok(claude, 200)] };

describe('I20 breaker scope: what opens it', () => {
  it('is violated by a primary that is passed over for a bad request', () => {
    const history = calls('ppppppppppbffffffffffffpppppppppp', bad);
    expect(verdict('I20', history, { targets })).toBe('violated 12/22');
    expect(judgeOne('I20', history, { targets }).first).toMatchObject({
      call: 12,
      at: 120_000,
      text:
        'attempt 11 (openai/gpt-4o, 110.0 s) had ended at 110.1 s for a reason of the request or ' +
        "its caller, not of the target's health. The next calls passed the primary over, this one " +
        'at 120.0 s; it should have been asked first.',
    });
  });

  it('is violated by a primary that is passed over for callers who left', () => {
    const history = calls('ppppplllllffffffffffffpppppp');
    expect(verdict('I20', history, { targets })).toMatch(/^violated 12/);
  });

  it('takes what a ping found for the reason of the calls that come after it', () => {
    const ping = { start: { beside: true as const } };
    const others = {
      ...bad,
      h: [status(gpt, 0, 503, {}, ping), ok(claude, 200)],
      w: [ok(gpt, 0, 100, ping), ok(claude, 200)],
    };
    const pinged = calls('ppppppppppbhhhhhhhhhhhhpppppppppp', others);
    expect(verdict('I20', pinged, { targets })).toBe('held 10');
    const well = calls('ppppppppppbwwwwwwwwwwwwpppppppppp', others);
    expect(verdict('I20', well, { targets })).toMatch(/^violated 12/);
  });

  it('takes no search for vectors for a choice of target, nor for news of one', () => {
    const search = { start: { vectors: true as const } };
    const small = 'openai/text-embedding-3-small';
    const others = {
      ...bad,
      s: [ok(small, 0, 100, search), ok(gpt, 200)],
      t: [status(small, 0, 503, {}, search), ok(claude, 200)],
    };
    expect(verdict('I20', calls('pppppspspbspsppspspp', others), { targets })).toMatch(/^held/);
    const passedOver = calls('ppppppppppbttttttttttttpppppppppp', others);
    expect(verdict('I20', passedOver, { targets })).toMatch(/^violated 12/);
  });

  it('takes no refusal for a reason of health', () => {
    const effect = { kind: 'degenerate', form: 'refusal' };
    const others = { ...bad, r: [ok(gpt, 0, 1000, { effect })] };
    const after = verdict('I20', calls('pprpppppppbffffffffffffpppppppppp', others), { targets });
    expect(after).toMatch(/^violated 12/);
    const passedOver = calls('pppppppppprffffffffffffpppppppppp', others);
    expect(verdict('I20', passedOver, { targets })).toMatch(/^violated 12/);
  });

  it.each([
    ['asks on', 'pppppbppppppppp', bad],
    ['was told that the target is ill too', 'ppppppppppbiffffffffpppppppp', { ...bad, ...ill }],
    ['fell back for health', 'ppppppppppppiffffffffpppppppp', ill],
  ])('does not accuse a chain that %s', (_, plan, others) => {
    expect(verdict('I20', calls(plan, others), { targets })).toMatch(/^held/);
  });

  it.each([
    ['turns to others without a reason', 'pfppfpppfpbffffffffppppppp'],
    ['rotates', 'pfpfpfpfpfbfpfpfpfpfpfpf'],
  ])('does not accuse a chain that %s', (_, plan) => {
    expect(verdict('I20', calls(plan, bad), { targets })).toMatch(/^held/);
  });

  it('does not judge chains that do not say in which order they ask', () => {
    const history = calls('ppppppppppbffffffffffffpppppppppp', bad);
    expect(verdict('I20', history)).toBe('not-applicable');
  });

  it('does not take a slow target for a well one', () => {
    const slow = { b: bad.b, s: [ok(gpt, 0, 60_000)] };
    expect(verdict('I20', calls('ppppppsbpbffffffffpppppp', slow), { targets })).not.toMatch(
      /violated/,
    );
  });

  it('never accuses a chain that draws lots, whatever the odds', () => {
    const odds = fc.integer({ min: 2, max: 98 });
    fc.assert(
      fc.property(fc.nat(0x7fffffff), odds, fc.integer({ min: 5, max: 60 }), (seed, percent, n) => {
        const rng = stream(seed, 'lots');
        const plan = Array.from({ length: n }, (_, index) => {
          const own = rng.int(100) < percent;
          return own && index % 7 === 3 ? 'b' : own ? 'p' : 'f';
        });
        expect(verdict('I20', calls(plan.join(''), bad), { targets })).not.toMatch(/violated/);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('I20 breaker scope: what it closes off', () => {
  const gone = { g: [status(gpt, 0, 404), ok(mini, 200)] };

  it('is violated by asking nobody though a target never failed', () => {
    const history = calls('ppg---', gone);
    const view = { targets: [gpt, mini] };
    expect(verdict('I20', history, view)).toMatch(/^violated 3/);
    expect(judgeOne('I20', history, view).first?.text).toBe(
      'Nobody was asked for the call at 40.0 s, which got a polite reply. Last openai/gpt-4o had ' +
        'failed at 30.1 s; openai/gpt-4o-mini never had, and should have been asked.',
    );
  });

  it.each([
    ['all targets of the provider may be down', 'ppi---', [gpt, mini]],
    ['the account may be spent', 'ppq---', [gpt, mini]],
    ['nothing has failed', 'pp---', [gpt, mini]],
    ['it happens twice only', 'ppg--p', [gpt, mini]],
    ['nobody else ever served such a call', 'ppn---', [gpt, mini]],
  ])('does not accuse where %s', (_, plan, list) => {
    const others = {
      ...gone,
      ...ill,
      q: [status(gpt, 0, 429, { reason: 'quota' }), ok(mini, 200)],
    };
    expect(verdict('I20', calls(plan, others), { targets: list })).not.toMatch(/violated/);
  });

  it('does not accuse a chain that takes no more than it can serve', () => {
    const history = calls('pg', gone);
    for (let i = 0; i < 9; i++) {
      history.call(i < 4 ? [ok(gpt, 0, 9000)] : [], {
        outcome: i < 4 ? 'complete' : 'degraded',
        starts: 60_000,
        ...(i < 4 ? {} : { ends: 5000 }),
      });
    }
    expect(verdict('I20', history, { targets: [gpt, mini] })).not.toMatch(/violated/);
  });

  it.each([
    ['a budget of calls per minute is spent', 30, 10, /^(held|not-applicable)/],
    ['fewer lie behind them than behind calls that were asked for', 90, 10, /^violated 10/],
  ])('judges refused calls where %s', (_, secondsLater, refused, expected) => {
    const history = calls('g', gone);
    for (const [burst, starts] of [30_000, 30_000 + secondsLater * 1000].entries()) {
      for (let i = 0; i < 20; i++) {
        const isRefused = burst === 1 && i >= 20 - refused;
        const attempts = isRefused ? [] : [ok(mini, 0, 100)];
        const ends = { outcome: 'degraded', ends: 5 } as const;
        history.call(attempts, { ...(isRefused ? ends : done), starts: starts + i * 200 });
      }
    }
    expect(verdict('I20', history, { targets: [gpt, mini] })).toMatch(expected);
  });

  it('does not accuse a chain whose own check turns some samples down', () => {
    const history = calls('ppg', gone);
    for (let i = 0; i < 12; i++) {
      const isLong = i % 2 === 0;
      history.call(isLong ? [] : [ok(mini, 0)], {
        sample: isLong ? 'long' : 's1',
        outcome: isLong ? 'degraded' : 'complete',
        starts: 60_000 + i * 5_000,
        ends: isLong ? 5 : 1_000,
      });
    }
    const view = { targets: [gpt, mini], families: { long: 'f', s1: 'f' } };
    expect(verdict('I20', history, view)).not.toMatch(/violated/);
  });
});
