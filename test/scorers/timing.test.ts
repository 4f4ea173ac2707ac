import { describe, expect, it } from 'vitest';
import { failover } from '../../harness/scorers/failover.ts';
import { latency } from '../../harness/scorers/latency.ts';
import { ttft } from '../../harness/scorers/ttft.ts';
import type { CallSpec } from './hand-made.ts';
import { figuresBy, historyOf, primary, second, textOf, third } from './hand-made.ts';

const texts = [textOf(primary, 'From the first.'), textOf(second, 'From the second.')];
const aborted: CallSpec = { answer: { kind: 'aborted' }, after: 60_000 };
const error = { name: 'Error', message: 'x', causes: [] };

/** A call answered by the primary after so many ms. */
function answeredAfter(ms: number): CallSpec {
  return { attempts: [{ to: 20 }], text: 'From the first.', after: ms };
}

describe('latency', () => {
  it('is from the scheduled arrival to the end of an answer or an error, without aborts', () => {
    const calls: CallSpec[] = [
      answeredAfter(100),
      { due: 5_000, t: 7_000, answer: { kind: 'error', error }, after: 2_500 },
      aborted,
    ];
    const found = figuresBy(latency, historyOf(calls, texts));
    expect(found).toEqual({
      latency_ms: { p50: 100, p95: 2_500, p99: 2_500, max: 2_500 },
      reasons: {},
    });
  });

  it('takes a hung call as longer than every other', () => {
    const calls = Array.from({ length: 19 }, (_, i) => answeredAfter(i + 100));
    const hung: CallSpec = { attempts: [{ how: 'open' }], hung: 'proven' };
    const found = figuresBy(latency, historyOf([...calls, hung], texts));
    expect(found).toEqual({
      latency_ms: { p50: 109, p95: 118, p99: null, max: null },
      reasons: { 'latency_ms.p99': 'hung', 'latency_ms.max': 'hung' },
    });
  });

  it('has no value without calls', () => {
    expect(figuresBy(latency, historyOf([aborted])).reasons['latency_ms.p95']).toBe(
      'no calls but aborted ones',
    );
  });
});

describe('time to the first token', () => {
  it('is from the scheduled arrival to the first character, of calls that got one', () => {
    const calls: CallSpec[] = [
      { ...answeredAfter(900), answer: { first: 300 } },
      { due: 1_000, answer: { kind: 'error', error, first: null } },
      { ...aborted, due: 2_000, answer: { kind: 'aborted', first: 2_001 } },
      { due: 3_000, answer: { kind: 'error', error, first: 3_500 }, after: 800 },
    ];
    expect(figuresBy(ttft, historyOf(calls, texts)).ttft_ms).toEqual({
      p50: 300,
      p95: 500,
      p99: 500,
    });
  });
});

describe('failover', () => {
  const failedOver: CallSpec = {
    due: 10_000,
    attempts: [
      { from: 5, to: 60, status: 503 },
      { from: 100, to: 160, status: 503 },
      { target: second, from: 1_105, to: 1_600, first: 11_505 },
    ],
    text: 'From the second.',
    answer: { first: 11_520 },
  };

  it('is from the start of the first attempt to the start of the one that served', () => {
    const found = figuresBy(failover, historyOf([failedOver], texts));
    expect(found.failover_ms).toEqual({ p50: 1_100, p95: 1_100, max: 1_100, n: 1 });
  });

  it('adds what the caller waited beyond the time that the serving target took itself', () => {
    const found = figuresBy(failover, historyOf([failedOver], texts));
    // First character at 1,520 after the arrival; the target itself took 400.
    expect(found.added_wait_ms).toEqual({ p50: 1_120, p95: 1_120 });
  });

  it('does not count calls of the primary, skipped primaries, or calls without an answer', () => {
    const calls: CallSpec[] = [
      { attempts: [{ status: 503 }, { from: 500 }], text: 'From the first.' },
      { attempts: [{ target: second }], text: 'From the second.' },
      { attempts: [{ status: 503 }], answer: { kind: 'error', error } },
    ];
    const found = figuresBy(failover, historyOf(calls, texts));
    expect(found.failover_ms).toEqual({ p50: null, p95: null, max: null, n: 0 });
    expect(found.reasons['failover_ms.p95']).toContain('no call');
  });

  it('counts a failed fallback before the one that served, also with the primary skipped', () => {
    const calls: CallSpec[] = [
      {
        attempts: [
          { target: third, from: 0, status: 500 },
          { target: second, from: 70 },
        ],
        text: 'From the second.',
      },
    ];
    expect(figuresBy(failover, historyOf(calls, texts)).failover_ms).toMatchObject({
      p50: 70,
      n: 1,
    });
  });

  it.each([
    ['cut', { how: 'reset' as const, chars: 4 }],
    ['empty', { chars: 0 }],
    ['an error inside a 200', { inBand: 'overloaded' }],
    ['refused by the host', { how: 'refused' as const, chars: 0 }],
  ])('takes an attempt as failed that was %s', (_, first) => {
    const attempts = [
      { to: 40, ...first },
      { target: second, from: 90 },
    ];
    const calls = [{ attempts, text: 'From the second.' }];
    expect(figuresBy(failover, historyOf(calls, texts)).failover_ms).toMatchObject({ n: 1 });
  });
});
