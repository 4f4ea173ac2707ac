import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { stream } from '../../harness/rng.ts';
import { claude, gpt, History, judgeOne, ok, status, verdict } from './histories.ts';

/** Calls that are limited together; each is back on the target after its wait. */
function crowd(waits: number[], starts: (index: number) => number = () => 1000): History {
  const history = new History();
  for (const [index, wait] of waits.entries()) {
    history.call([status(gpt, 0, 429, { hintMs: 4000 }), ok(gpt, 100 + wait)], {
      outcome: 'complete',
      starts: starts(index),
    });
  }
  return history;
}

const same = (count: number, wait = 4000): number[] => new Array(count).fill(wait);

describe('I10 herd', () => {
  it('is not applicable where fewer than twenty are limited at once', () => {
    expect(verdict('I10', crowd(same(19)))).toBe('not-applicable');
  });

  it('is violated by all who wait for exactly the hint', () => {
    expect(verdict('I10', crowd(same(40)))).toBe('violated 1/1');
    expect(judgeOne('I10', crowd(same(40)))).toMatchObject({
      limit: '25% of 20 or more calls within 100 ms',
      first: {
        at: 5100,
        text:
          '40 calls were limited on openai/gpt-4o at 1.1 s. 40 of them asked it again, 40 within ' +
          '100 ms from 5.1 s on; retries should be spread, with at most 10 of them in any 100 ms.',
      },
    });
  });

  it('is violated by jitter that is too small', () => {
    const rng = stream(1, 'x');
    expect(verdict('I10', crowd(same(30).map((wait) => wait + rng.int(100))))).toBe('violated 1/1');
  });

  it('holds where who comes apart comes back apart, without any jitter', () => {
    expect(
      verdict(
        'I10',
        crowd(same(40), (index) => 1000 + index * 24),
      ),
    ).toBe('held 1');
  });

  it('holds where most go to another target', () => {
    const history = crowd(same(5));
    for (let i = 0; i < 30; i++) {
      const spec = { outcome: 'complete', starts: 1000 } as const;
      history.call([status(gpt, 0, 429), ok(claude, 101)], spec);
    }
    expect(verdict('I10', history)).toBe('not-applicable');
  });

  it('does not take the second refusal of few for a crowd', () => {
    const history = new History();
    for (let i = 0; i < 15; i++) {
      const attempts = [status(gpt, 0, 429), status(gpt, 300, 429), ok(gpt, 600)];
      history.call(attempts, { outcome: 'complete', starts: 1000 });
    }
    expect(verdict('I10', history)).toBe('not-applicable');
  });

  it('holds for every crowd of any size that spreads over half a second and more', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 0x7fffffff }),
        fc.integer({ min: 20, max: 120 }),
        fc.integer({ min: 500, max: 4000 }),
        (seed, count, width) => {
          const rng = stream(seed, 'jitter');
          const waits = same(count).map((wait) => wait + rng.int(width));
          expect(verdict('I10', crowd(waits))).toBe('held 1');
        },
      ),
      { numRuns: 300 },
    );
  });

  it('sees every crowd in step, whenever others are limited before', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 200 }), fc.nat(900), (count, early) => {
        const history = crowd([...same(count), 3000], (index) =>
          index === count ? 1000 - early : 1000,
        );
        expect(verdict('I10', history)).toBe('violated 1/1');
      }),
      { numRuns: 50 },
    );
  });
});
