import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../harness/rng.ts';
import type { ViewSpec } from './histories.ts';
import { claude, gpt, History, judgeOne, ok, status, verdict } from './histories.ts';

/** Calls a step apart: p asks the primary and is served, i asks it in vain, f passes it over. */
function calls(plan: string, stepMs = 10_000): History {
  const history = new History();
  for (const [index, letter] of [...plan].entries()) {
    const attempts =
      letter === 'p'
        ? [ok(gpt, 0)]
        : letter === 'i'
          ? [status(gpt, 0, 503), ok(claude, 200)]
          : [ok(claude, 0)];
    history.call(attempts, { outcome: 'complete', starts: index * stepMs });
  }
  return history;
}

/** Down from 100 s to 200 s; the limit is 120 s. */
const down: ViewSpec = {
  targets: [gpt, claude],
  windows: [
    { fault: 'x', provider: 'openai', model: null, region: null, fromMs: 100_000, toMs: 200_000 },
  ],
};
const ten = (letter: string, times = 1): string => letter.repeat(10 * times);

describe('I21 recovery: the way back', () => {
  it('is violated by a chain that stays with its fallback', () => {
    const history = calls(`${ten('p')}iiiii${'f'.repeat(40)}`);
    expect(verdict('I21', history, down)).toMatch(/^violated/);
    expect(judgeOne('I21', history, down)).toMatchObject({
      limit: '2 probes a minute, back within 120.0 s',
      first: {
        at: 330_000,
        text:
          'Nothing was wrong with openai/gpt-4o any more from 200.0 s on, and calls should have ' +
          'begun with it again by 320.0 s. The call at 330.0 s did not.',
      },
    });
  });

  it.each([
    ['is back at once', `${ten('p')}iiiiiffffff${'p'.repeat(40)}`],
    ['is back just in time', `${ten('p')}iiiiiffffffffffffffff${'p'.repeat(30)}`],
    ['never left', `${ten('p')}${ten('i')}${ten('p', 3)}`],
    ['finds its primary ill again', `${ten('p')}iiiiiffffffffffii${'f'.repeat(30)}`],
  ])('does not accuse a chain that %s', (_, plan) => {
    expect(verdict('I21', calls(plan), down)).not.toMatch(/violated/);
  });

  it('is not applicable where the faults have no end', () => {
    const windows = [{ ...(down.windows?.[0] as object), toMs: null }] as ViewSpec['windows'];
    const history = calls(`${ten('p')}iiiii${'f'.repeat(40)}`);
    expect(verdict('I21', history, { ...down, ...(windows ? { windows } : {}) })).toBe(
      'not-applicable',
    );
  });

  it('is not applicable to a chain that also turns away from a healthy primary', () => {
    expect(verdict('I21', calls(`ppppfppppp iiiii${'f'.repeat(40)}`), down)).toBe('not-applicable');
  });

  it('never accuses a chain that draws lots', () => {
    fc.assert(
      fc.property(fc.nat(0x7fffffff), fc.integer({ min: 2, max: 98 }), (seed, percent) => {
        const rng = stream(seed, 'lots');
        const plan = Array.from({ length: 60 }, (_, index) => {
          if (rng.int(100) >= percent) return 'f';
          return index >= 10 && index < 20 ? 'i' : 'p';
        });
        expect(verdict('I21', calls(plan.join('')), down)).not.toMatch(/violated/);
      }),
      { numRuns: 500 },
    );
  });
});

describe('I21 recovery: probes', () => {
  const long: ViewSpec = { ...down, windows: [] };
  /** Forty healthy calls, five failures, and then probes among calls that pass by. */
  const probing = (every: number): string =>
    `${ten('p', 4)}iiiii${`${'f'.repeat(every - 1)}i`.repeat(120 / every)}`;

  it('is violated by a probe every three seconds', () => {
    const history = calls(probing(3), 1000);
    expect(verdict('I21', history, long)).toMatch(/^violated/);
    expect(judgeOne('I21', history, long).first?.text).toBe(
      'The primary was down and passed over by most calls, but probed by calls that began at ' +
        '47.0 s, 50.0 s, 53.0 s; there should be at most 2 probes a minute.',
    );
  });

  it('holds for one every half a minute', () => {
    expect(verdict('I21', calls(probing(30), 1000), long)).toBe('held 4');
  });

  it.each([
    ['has no breaker', `${ten('p', 4)}${ten('i', 12)}`],
    ['closes by time and counts again', `${ten('p', 4)}${'iiiiifffff'.repeat(12)}`],
  ])('is not applicable to a chain that %s', (_, plan) => {
    expect(verdict('I21', calls(plan, 1000), long)).toBe('not-applicable');
  });

  it('does not count probes over an answer', () => {
    const plan = `${ten('p', 4)}${'iiiiiffffffffffffffffffffffffffpppp'.repeat(4)}`;
    expect(verdict('I21', calls(plan, 1000), long)).not.toMatch(/violated/);
  });
});
