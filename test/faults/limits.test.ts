// Limits that count what they let through: by themselves, with arbitrary arrivals.
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import type { Effect } from '../../harness/faults/effect.ts';
import type { AttemptView, Decide } from '../../harness/faults/fault.ts';
import type { Rejection } from '../../harness/faults/rejection.ts';
import { stream } from '../../harness/rng.ts';
import { rule } from '../../harness/scenario/rule.ts';
import { plainTraits } from '../../harness/trial/twin.ts';
import { attempt } from '../attempts.ts';
import { refused } from './decide.ts';

const armed = (text: string): Decide => rule.parse(parse(text)).arm();
const rng = stream(1);

function at(now: number, more: Partial<AttemptView> = {}): AttemptView {
  return { ...attempt, now, ...more };
}

/** A request of so many tokens. */
function asking(now: number, inputTokens: number, maxTokens: number | null = null): AttemptView {
  return at(now, { asks: () => ({ ...plainTraits, inputTokens, maxTokens }) });
}

function rejectionOf(effect: Effect | null): Rejection {
  if (effect?.kind !== 'reject') throw new Error('it was let through');
  return effect.rejection;
}

const passed = (effect: Effect | null): boolean => effect?.kind !== 'reject';

describe('a token bucket', () => {
  it('tells what is left of each limit with every request that it lets through', () => {
    const decide = armed('{ inject: token-bucket, requests: 60/m, tokens: 6000/m }');
    expect(decide(asking(0, 1500), rng)).toEqual({
      kind: 'limits',
      limits: {
        requests: { limit: 60, remaining: 59, resetMs: 1000 },
        tokens: { limit: 6000, remaining: 4500, resetMs: 15_000 },
      },
    });
    expect(decide(asking(500, 1000), rng)).toEqual({
      kind: 'limits',
      limits: {
        requests: { limit: 60, remaining: 58, resetMs: 1500 },
        tokens: { limit: 6000, remaining: 3550, resetMs: 24_500 },
      },
    });
  });

  it('turns down what is over a limit, and says truly when to come back', () => {
    const decide = armed('{ inject: token-bucket, requests: 30/m, burst: 1 }');
    expect(passed(decide(at(0), rng))).toBe(true);
    expect(rejectionOf(decide(at(500), rng))).toEqual({
      reason: 'rate-limit',
      hint: { retryAfter: '2' },
      over: { what: 'requests', asked: 1 },
      limits: { requests: { limit: 30, remaining: 0, resetMs: 1500 } },
    });
    expect(passed(decide(at(2000), rng))).toBe(true);
  });

  it('names the limit that is further away', () => {
    const decide = armed('{ inject: token-bucket, requests: 60/m, burst: 1, tokens: 600/m }');
    decide(asking(0, 600), rng);
    expect(rejectionOf(decide(asking(100, 50), rng))).toMatchObject({
      hint: { retryAfter: '5' },
      over: { what: 'tokens', asked: 50 },
      limits: { requests: { remaining: 0 }, tokens: { remaining: 1 } },
    });
  });

  it('turns down for good what is over the whole limit', () => {
    const decide = armed('{ inject: token-bucket, tokens: 1000/m }');
    const rejection = rejectionOf(decide(asking(0, 1001), rng));
    expect(rejection).toEqual({
      reason: 'too-large',
      status: 429,
      over: { what: 'tokens', asked: 1001 },
      limits: { tokens: { limit: 1000, remaining: 1000, resetMs: 0 } },
    });
    expect(passed(decide(asking(0, 1000), rng))).toBe(true);
  });

  it('counts input and output as the provider does', () => {
    const left = (cost: string): unknown => {
      const decide = armed(`{ inject: token-bucket, tokens: 1000/m${cost} }`);
      const effect = decide(asking(0, 300, 400), rng);
      return effect?.kind === 'limits' ? effect.limits.tokens?.remaining : null;
    };
    expect(left('')).toBe(600);
    expect(left(', cost: sum')).toBe(300);
    expect(left(', cost: input')).toBe(700);
  });

  it('takes nothing for what it turns down', () => {
    const decide = armed('{ inject: token-bucket, requests: 60/m, burst: 1 }');
    decide(at(0), rng);
    for (let now = 1; now < 1000; now++) expect(passed(decide(at(now), rng))).toBe(false);
    expect(passed(decide(at(1000), rng))).toBe(true);
  });

  it('begins anew in every trial', () => {
    const read = rule.parse(parse('{ inject: token-bucket, requests: 1/h }'));
    for (const decide of [read.arm(), read.arm()]) {
      expect([0, 1].map((now) => passed(decide(at(now), rng)))).toEqual([true, false]);
    }
  });

  const others: Record<string, Partial<AttemptView>> = {
    provider: { provider: 'anthropic', key: 'sk-a', region: 'us', model: 'a' },
    key: { key: 'sk-b' },
    region: { region: 'eu' },
    model: { model: 'b' },
  };
  it.each([
    ['model', ['provider', 'model']],
    ['key', ['provider', 'key']],
    ['region', ['provider', 'region']],
    ['account', ['provider']],
    ['all', []],
  ])('is shared by all of one %s', (scope, apart) => {
    const seen = Object.entries(others).flatMap(([name, other]) => {
      const decide = armed(`{ inject: token-bucket, requests: 1/h, scope: ${scope} }`);
      const first = { key: 'sk-a', region: 'us', model: 'a' };
      decide(at(0, first), rng);
      return passed(decide(at(1, { ...first, ...other }), rng)) ? [name] : [];
    });
    expect(seen).toEqual(apart);
  });

  it.each([
    ['{ inject: token-bucket }', /give requests or tokens/],
    ['{ inject: token-bucket, requests: 60 }', /^requests: expected a limit like 60\/m.*found 60/],
    ['{ inject: token-bucket, requests: 0/m }', /^requests: expected a limit like 60\/m/],
    ['{ inject: token-bucket, tokens: 9/m, burst: 2 }', /^burst: is of requests/],
    ['{ inject: token-bucket, requests: 9/m, tokenBurst: 2 }', /^tokenBurst: is of tokens/],
    ['{ inject: token-bucket, requests: 9/m, scope: org }', /^scope: expected one of key, account/],
  ])('cannot be %s', (text, message) => expect(refused(text)).toMatch(message));
});

/** Arrivals of any density: ms since the one before, and tokens. */
const arrivals = fc.array(fc.tuple(fc.nat(3000), fc.integer({ min: 1, max: 400 })), {
  minLength: 40,
  maxLength: 120,
});

describe('a token bucket with any arrivals', () => {
  const limits = fc.record({
    requests: fc.integer({ min: 1, max: 300 }),
    burst: fc.integer({ min: 1, max: 20 }),
    tokens: fc.integer({ min: 1, max: 20_000 }),
    tokenBurst: fc.integer({ min: 1, max: 1000 }),
  });

  it('lets through at most limit times window plus burst, in windows of any length', () => {
    let full = 0;
    fc.assert(
      fc.property(limits, arrivals, ({ requests, burst, tokens, tokenBurst }, made) => {
        const decide = armed(
          `{ inject: token-bucket, requests: ${requests}/m, burst: ${burst}, ` +
            `tokens: ${tokens}/m, tokenBurst: ${tokenBurst}, cost: input }`,
        );
        const through: { now: number; tokens: number }[] = [];
        let now = 0;
        for (const [gap, size] of made) {
          now += gap;
          if (passed(decide(asking(now, size), rng))) through.push({ now, tokens: size });
          else full++;
        }
        for (const [index, { now: from }] of through.entries()) {
          let sum = 0;
          for (const [more, one] of through.slice(index).entries()) {
            sum += one.tokens;
            const window = (one.now - from) / 60_000;
            expect(more + 1).toBeLessThanOrEqual(requests * window + burst + 1e-3);
            expect(sum).toBeLessThanOrEqual(tokens * window + tokenBurst + 1e-3);
          }
        }
      }),
    );
    expect(full).toBeGreaterThan(100);
  });

  it('gives hints that are true: nobody else about, the request passes then and no second sooner', () => {
    let hinted = 0;
    fc.assert(
      fc.property(limits, arrivals, ({ requests, burst }, made) => {
        const text = `{ inject: token-bucket, requests: ${requests}/m, burst: ${burst} }`;
        const decide = armed(text);
        let now = 0;
        for (const [gap] of made) {
          now += Math.floor(gap / 10);
          const effect = decide(at(now), rng);
          if (passed(effect)) continue;
          hinted++;
          const waitMs = Number(rejectionOf(effect).hint?.retryAfter) * 1000;
          expect(waitMs).toBeGreaterThan(0);
          if (waitMs > 1000) expect(passed(decide(at(now + waitMs - 1001), rng))).toBe(false);
          now += waitMs;
          expect(passed(decide(at(now), rng))).toBe(true);
        }
      }),
    );
    expect(hinted).toBeGreaterThan(100);
  });
});

describe('a burst limit', () => {
  it('lets a few through, and then at most so many times what the window before had', () => {
    const decide = armed('{ inject: burst-limit, growth: 2, window: 10s, floor: 5 }');
    const through = (from: number): number =>
      Array.from({ length: 100 }, (_, i) => passed(decide(at(from + i * 50), rng))).filter(Boolean)
        .length;
    expect([0, 10_000, 20_000, 30_000].map(through)).toEqual([5, 10, 20, 40]);
    // A window without requests, and all begins again.
    expect(through(60_000)).toBe(5);
  });

  it('never meets a steady load, whatever its height', () => {
    const decide = armed('{ inject: burst-limit, window: 10s, floor: 100 }');
    for (let i = 0; i < 2000; i++) expect(passed(decide(at(i * 100), rng))).toBe(true);
  });

  it('turns down as a limit on growth, with the hint that the rule has', () => {
    const decide = armed('{ inject: burst-limit, floor: 1, retryAfter: 7s }');
    decide(at(0), rng);
    expect(decide(at(1), rng)).toEqual({
      kind: 'reject',
      rejection: { reason: 'rate-limit', ramp: true, hint: { retryAfter: '7' } },
    });
  });

  it('holds in every window, whatever arrives', () => {
    const grown = fc.record({
      growth: fc.constantFrom(1, 1.5, 2, 4),
      floor: fc.integer({ min: 1, max: 10 }),
    });
    let down = 0;
    fc.assert(
      fc.property(grown, arrivals, ({ growth, floor }, made) => {
        const decide = armed(`{ inject: burst-limit, growth: ${growth}, floor: ${floor} }`);
        const through: number[] = [];
        let now = 0;
        for (const [gap] of made) {
          now += Math.floor(gap / 4);
          if (passed(decide(at(now), rng))) through.push(now);
          else down++;
        }
        for (const end of through) {
          const inWindow = (to: number): number =>
            through.filter((one) => one > to - 10_000 && one <= to).length;
          const most = Math.max(floor, growth * inWindow(end - 10_000));
          // Those that came at the same instant later are judged with their own.
          expect(inWindow(end)).toBeLessThanOrEqual(most);
        }
      }),
    );
    expect(down).toBeGreaterThan(100);
  });
});
