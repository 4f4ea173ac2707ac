import fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { backoffMs, hintMs, longestWaitMs } from '../../harness/chains/backoff.ts';
import { Continuation } from '../../harness/chains/continuation.ts';
import { Deadline } from '../../harness/chains/deadline.ts';
import { watchDone } from '../../harness/chains/done-marker.ts';
import { failureOf } from '../../harness/chains/failure.ts';
import { sleep } from '../../harness/chains/time.ts';

const retry = {
  max: 3,
  backoff: { fromMs: 250, toMs: 4_000 },
  jitter: 'full',
  hintCapMs: 3_000,
} as const;
const chance = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });

describe('backoff', () => {
  it('stays within its range, and its range grows', () => {
    fc.assert(
      fc.property(chance, fc.integer({ min: 1, max: 12 }), fc.boolean(), (draw, n, crowd) => {
        const ms = backoffMs(retry, n, crowd, () => draw);
        expect(ms).toBeGreaterThanOrEqual(250);
        expect(ms).toBeLessThanOrEqual(4_000);
        expect(backoffMs(retry, n + 1, crowd, () => draw)).toBeGreaterThanOrEqual(ms);
      }),
    );
  });

  it('spreads callers who were limited in one moment over more than a second', () => {
    const ends = [0, 1].map((draw) => backoffMs(retry, 1, true, () => draw));
    expect(ends).toEqual([250, 2_000]);
  });

  it('doubles without jitter', () => {
    const plain = { ...retry, jitter: 'none' } as const;
    expect([1, 2, 3, 9].map((n) => backoffMs(plain, n, false, () => 1))).toEqual([
      250, 500, 1_000, 4_000,
    ]);
  });

  it('knows the longest wait that it may lead to', () => {
    expect(longestWaitMs(retry)).toBe(7_000);
    expect(longestWaitMs({ ...retry, max: 0 })).toBe(5_000);
  });

  it.each([
    [{ 'retry-after': '1.5' }, 1_500],
    [{ 'retry-after': '0' }, 0],
    [{ 'retry-after-ms': '20', 'retry-after': '9' }, 20],
    [{ 'retry-after-ms': '' }, null],
    [{ 'retry-after': '-5' }, null],
    [{ 'retry-after': 'Infinity' }, null],
    [{}, null],
  ])('reads the hint of %o as %s ms', (headers, ms) => {
    expect(hintMs(new Headers(headers as Record<string, string>))).toBe(ms);
  });
});

describe('a continuation', () => {
  const pieces = (text: string, cuts: number[]): string[] => {
    const at = [...new Set(cuts.map((cut) => cut % (text.length + 1)))].sort((a, b) => a - b);
    return [0, ...at].map((from, i) => text.slice(from, at[i]));
  };
  const joined = (said: string, parts: string[]): string => {
    const continuation = new Continuation(said);
    return said + parts.map((part) => continuation.take(part)).join('') + continuation.rest();
  };

  it('is the same however it is cut into pieces', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'b', ' ') }),
        fc.string({ unit: fc.constantFrom('a', 'b', ' ') }),
        fc.array(fc.nat(), { maxLength: 5 }),
        (said, more, cuts) => {
          expect(joined(said, pieces(more, cuts))).toBe(joined(said, [more]));
        },
      ),
    );
  });

  it('drops the repeated end of what was said, and nothing else', () => {
    const text = 'Paris is the capital of France, and has been for long.';
    for (let said = 4; said < text.length; said++) {
      for (let from = 0; from <= said - 4; from++) {
        expect(joined(text.slice(0, said), [text.slice(from)])).toBe(text);
      }
      expect(joined(text.slice(0, said), [text.slice(said)])).toBe(text);
    }
  });

  it('is not held back once it is clear that it repeats nothing', () => {
    const continuation = new Continuation('Paris is the');
    expect(continuation.take(' cap')).toBe(' cap');
    expect(continuation.take('ital')).toBe('ital');
  });
});

describe('a deadline', () => {
  it('leaves every later target half of an equal share, whatever the earlier ones use', () => {
    vi.useFakeTimers();
    const steps = fc.array(chance, { minLength: 2, maxLength: 6 });
    fc.assert(
      fc.property(steps, fc.integer({ min: 1_000, max: 60_000 }), (used, totalMs) => {
        const deadline = new Deadline(totalMs, used.length, Number.POSITIVE_INFINITY);
        for (const [index, part] of used.entries()) {
          const share = deadline.shareMs(used.length - 1 - index);
          expect(share + 50).toBeGreaterThanOrEqual(totalMs / used.length / 2 - 1);
          vi.advanceTimersByTime(Math.floor(share * part));
        }
        expect(deadline.leftMs()).toBeGreaterThanOrEqual(0);
      }),
    );
    vi.useRealTimers();
  });
});

describe('a failure', () => {
  it('is told without the words of the provider', () => {
    const said = Object.assign(new Error('<b>words</b>'), {
      status: 400,
      code: 'a <b>sentence</b>',
    });
    expect(failureOf(said).outcome).toBe('400');
  });

  it('has a meaning for every status from 400 to 599, and one for anything thrown', () => {
    for (let status = 400; status < 600; status++) {
      expect(failureOf({ status }).meaning).not.toBe('unknown');
    }
    for (const thrown of [undefined, null, 'text', 7, {}, new Error('bug'), new TypeError('bug')]) {
      expect(failureOf(thrown)).toMatchObject({ meaning: 'unknown', retry: false });
    }
  });
});

describe('the end of a chat stream', () => {
  const sse = { headers: { 'content-type': 'text/event-stream' } };
  const marked = async (...parts: string[]): Promise<boolean> => {
    const body = new ReadableStream({
      start(controller) {
        for (const part of parts) controller.enqueue(new TextEncoder().encode(part));
        controller.close();
      },
    });
    const watch = watchDone(async () => new Response(body, sse));
    const response = await watch.fetch('https://host/');
    expect(await response.text()).toBe(parts.join(''));
    return watch.isDone(response);
  };

  it('is [DONE] however its bytes are cut, and not words that look like it', async () => {
    expect(await marked('data: {}\n\nda', 'ta: [DO', 'NE]\n\n')).toBe(true);
    expect(await marked('data: [DONE]')).toBe(true);
    expect(await marked('data: {"content":"data: [DONE]')).toBe(false);
    expect(await marked('data: [DONE]\n\n', `data: ${'x'.repeat(40)}\n\n`)).toBe(false);
  });
});

describe('a wait', () => {
  it('ends at once when the caller gives up, and leaves no timer', async () => {
    vi.useFakeTimers();
    const controller = new AbortController();
    const waiting = sleep(60_000, controller.signal);
    controller.abort(new Error('gone'));
    await expect(waiting).rejects.toThrow('gone');
    await expect(sleep(1, controller.signal)).rejects.toThrow('gone');
    expect(vi.getTimerCount()).toBe(0);
    vi.useRealTimers();
  });
});
