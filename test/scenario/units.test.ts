import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { z } from 'zod';
import {
  duration,
  durationMs,
  durationRange,
  durationText,
  holdsNumber,
  numbers,
  position,
  positionText,
  ramp,
  rate,
  share,
  shareOf,
  someTime,
} from '../../harness/scenario/units.ts';

const wholeMs = fc.oneof(
  fc.integer({ min: 0, max: 10_000 }),
  fc.integer({ min: 0, max: 1000 }).map((n) => n * 86_400_000),
  fc.integer({ min: 0, max: 10 ** 12 }),
);

function refusal(schema: z.ZodType, value: unknown): string {
  const read = schema.safeParse(value);
  return read.success
    ? `read as ${JSON.stringify(read.data)}`
    : (read.error.issues[0]?.message ?? '');
}

describe('durations', () => {
  it('are read back from every text that is written', () => {
    fc.assert(
      fc.property(wholeMs, (ms) => {
        expect(durationMs(durationText(ms))).toBe(ms);
      }),
    );
  });

  it('add up their parts', () => {
    const parts = fc.tuple(fc.nat(99), fc.nat(59), fc.nat(59), fc.nat(999));
    fc.assert(
      fc.property(parts, ([h, m, s, ms]) => {
        expect(durationMs(`${h}h${m}m${s}s${ms}ms`)).toBe(((h * 60 + m) * 60 + s) * 1000 + ms);
      }),
    );
  });

  it.each([
    ['250ms', 250],
    ['1.5s', 1500],
    ['1h30m', 5_400_000],
    ['0s', 0],
    ['2d', 172_800_000],
  ])('%s is %d ms', (text, ms) => expect(durationMs(text)).toBe(ms));

  it.each(['', '5', '5 m', '-1s', '1e3ms', '5min', 's', '1s ', '.5s', `${'9'.repeat(20)}d`])(
    '%j is none',
    (text) => expect(durationMs(text)).toBeNull(),
  );

  it.each([
    [1500, '1.5s'],
    [90_000, '90s'],
    [60_000, '1m'],
    [20, '20ms'],
    [0, '0ms'],
    [7_200_000, '2h'],
  ])('%d ms is written %s', (ms, text) => expect(durationText(ms)).toBe(text));

  it('say what to write, and what was found', () => {
    const words = 'expected a duration like 250ms, 8s or 5m, found';
    expect(refusal(duration, 'soon')).toBe(`${words} "soon"`);
    expect(refusal(duration, 10)).toBe(`${words} 10`);
    expect(refusal(duration, null)).toBe(`${words} nothing`);
    expect(refusal(someTime, '0s')).toMatch(/^expected a duration above 0/);
    expect(duration.parse('0s')).toBe(0);
  });
});

describe('shares', () => {
  it('are the same as a percentage and as a number', () => {
    fc.assert(
      fc.property(fc.nat(1000), (n) => {
        expect(shareOf(`${n / 10}%`)).toBeCloseTo(shareOf(String(n / 1000)) ?? -1, 12);
      }),
    );
  });

  it('lie between nothing and all', () => {
    expect([share.parse('100%'), share.parse(0), share.parse(1), share.parse('12.5%')]).toEqual([
      1, 0, 1, 0.125,
    ]);
    for (const wrong of ['101%', '1.5', '-1%', 'half', '60 %', true, ['60%']]) {
      expect(refusal(share, wrong)).toMatch(/^expected a share like 60% or 0\.6, found /);
    }
  });

  it('may ramp', () => {
    expect(ramp.parse('60% -> 0%')).toEqual({ from: 0.6, to: 0 });
    expect(ramp.parse(0.3)).toEqual({ from: 0.3, to: 0.3 });
    for (const wrong of ['60% -> ', '-> 0%', '1 -> 0 -> 1', '60% - 0%']) {
      expect(refusal(ramp, wrong)).toMatch(/a ramp like 60% -> 0%/);
    }
  });
});

it('reads rates per second, minute and hour', () => {
  expect([rate.parse('2/s'), rate.parse('30/m'), rate.parse('1.8/h')]).toEqual([2, 0.5, 0.0005]);
  for (const wrong of ['0/s', '1/d', '1', 5, '-1/s', '1 / s']) {
    expect(refusal(rate, wrong)).toMatch(/^expected a rate like 1\/s or 30\/m, found /);
  }
});

it('reads ranges of durations whose end is not before their beginning', () => {
  expect(durationRange.parse('250ms..4s')).toEqual({ fromMs: 250, toMs: 4000 });
  expect(durationRange.parse('1s')).toEqual({ fromMs: 1000, toMs: 1000 });
  for (const wrong of ['4s..1s', '1s..', '..1s', 'a..b']) {
    expect(refusal(durationRange, wrong)).toMatch(/a range like 250ms\.\.4s/);
  }
});

it('reads numbers as one, as a list and as a range', () => {
  const holding = (value: unknown): number[] =>
    [1, 2, 3, 4, 5].filter((n) => holdsNumber(numbers.parse(value), n));
  expect(holding(2)).toEqual([2]);
  expect(holding([1, 4])).toEqual([1, 4]);
  expect(holding('2..3')).toEqual([2, 3]);
  expect(holding('4..')).toEqual([4, 5]);
  for (const wrong of [0, [], [0], '..3', 'all', { from: 1 }]) {
    expect(refusal(numbers, wrong)).toMatch(/a range like 1\.\.3 or 2\.\./);
  }
});

describe('positions', () => {
  const somePosition = fc.oneof(
    fc.constantFrom('headers', 'first-event', 'first-token', 'marker'),
    fc.integer({ min: 1, max: 9999 }).map((n) => `event ${n}`),
    fc.integer({ min: 2, max: 9999 }).map((n) => `${n} tokens`),
    fc.nat(100).map((n) => `${n}%`),
  );

  it('are written as they are read', () => {
    fc.assert(
      fc.property(somePosition, (text) => {
        expect(positionText(position.parse(text))).toBe(text);
      }),
    );
  });

  it('are refused with every way to write one', () => {
    for (const wrong of ['middle', 'event 0', 'tokens', '101%', 20, '1 event']) {
      expect(refusal(position, wrong)).toMatch(/first-token.*"20 tokens", "byte 120" or "40%"/);
    }
  });
});

it('never throws, whatever is given', () => {
  const schemas = [duration, share, ramp, rate, durationRange, numbers, position];
  fc.assert(
    fc.property(fc.constantFrom(...schemas), fc.anything(), (schema, value) => {
      expect(schema.safeParse(value)).toHaveProperty('success');
    }),
  );
});
