import { AsyncLocalStorage } from 'node:async_hooks';
import * as namedTimers from 'node:timers';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { onVirtualTime } from './virtual.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** The order and virtual time in which the callbacks that `body` sets are run, until `endMs`. */
async function log(
  body: (say: (what: string) => () => void) => void | Promise<void>,
  endMs = 100,
): Promise<string[]> {
  const said: string[] = [];
  await onVirtualTime(async (time) => {
    await body((what) => () => said.push(`${time.now()} ${what}`));
    await sleep(endMs - time.now());
  });
  return said;
}

describe('delays', () => {
  test.each([
    [0, 1],
    [-5, 1],
    [1.9, 1],
    [2.5, 2],
    [2 ** 31, 1],
    [Number.NaN, 1],
    [undefined, 1],
    ['30', 30],
  ])('%s is taken as Node takes it: %s ms', async (delay, expected) => {
    const { virtualMs } = await onVirtualTime(
      () => new Promise((resolve) => setTimeout(resolve, delay as number)),
    );
    expect(virtualMs).toBe(expected);
  });

  test('the longest delay of 24.8 days is kept', async () => {
    const { virtualMs } = await onVirtualTime(() => sleep(2 ** 31 - 1), { untilMs: 1e12 });
    expect(virtualMs).toBe(2 ** 31 - 1);
  });
});

describe('order', () => {
  test('timers of one instant fire in the order in which they were set', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 40 }), async (ms) => {
        const said = await log((say) => {
          for (const [i, delay] of ms.entries()) setTimeout(say(`#${i}`), delay);
        });
        const expected = ms.map((delay, i) => ({ delay, i })).sort((a, b) => a.delay - b.delay);
        expect(said).toEqual(expected.map(({ delay, i }) => `${delay} #${i}`));
      }),
      { numRuns: 25 },
    );
  });

  test('ticks run before promise jobs, and both before the next timer of the instant', async () => {
    const said = await log((say) => {
      setTimeout(() => {
        say('first')();
        queueMicrotask(say('microtask'));
        Promise.resolve().then(say('promise'));
        process.nextTick(say('tick'));
      }, 5);
      setTimeout(say('second'), 5);
    });
    expect(said).toEqual(['5 first', '5 tick', '5 microtask', '5 promise', '5 second']);
  });

  test('immediates run at the same instant, before any timer, in their order', async () => {
    const said = await log((say) => {
      setTimeout(() => {
        setTimeout(say('later'), 0);
        setImmediate(say('a'));
        setImmediate(() => setImmediate(say('nested')));
        setImmediate(say('b'));
        clearImmediate(setImmediate(say('cleared')));
      }, 5);
      setTimeout(say('same instant'), 5);
    });
    expect(said).toEqual(['5 a', '5 b', '5 nested', '5 same instant', '6 later']);
  });

  test('an interval fires after each period until it is cleared, also from inside', async () => {
    const said = await log((say) => {
      let times = 0;
      const interval = setInterval(() => {
        say('beat')();
        if (++times === 3) clearInterval(interval);
      }, 20);
    }, 200);
    expect(said).toEqual(['20 beat', '40 beat', '60 beat']);
  });
});

describe('timer objects', () => {
  test('refresh starts the delay anew, before and after firing', async () => {
    const said = await log(async (say) => {
      const timer = setTimeout(say('fired'), 30);
      setTimeout(() => timer.refresh(), 20);
      await sleep(60);
      timer.refresh();
    });
    expect(said).toEqual(['50 fired', '90 fired']);
  });

  test('every way of clearing clears', async () => {
    const said = await log((say) => {
      clearTimeout(setTimeout(say('object'), 5));
      clearInterval(setTimeout(say('by the other function'), 5));
      clearTimeout(Number(setTimeout(say('number'), 5)));
      clearTimeout(String(Number(setTimeout(say('string'), 5))));
      setTimeout(say('close'), 5).close();
      namedTimers.clearTimeout(namedTimers.setTimeout(say('module'), 5));
      {
        using _timer = setTimeout(say('dispose'), 5);
      }
      for (const nothing of [undefined, null, 0, {}, 12345]) clearTimeout(nothing as never);
    });
    expect(said).toEqual([]);
  });

  test('ref, unref and hasRef answer as in Node, and unreferenced timers fire', async () => {
    const said = await log((say) => {
      const timer = setTimeout(say('unreferenced'), 5);
      expect([timer.hasRef(), timer.unref().hasRef(), timer.ref().hasRef()]).toEqual([
        true,
        false,
        true,
      ]);
      timer.unref();
      const immediate = setImmediate(() => {});
      expect([immediate.hasRef(), immediate.unref().hasRef()]).toEqual([true, false]);
    });
    expect(said).toEqual(['5 unreferenced']);
  });

  test('arguments and this reach the callback', async () => {
    const { value } = await onVirtualTime(
      () =>
        new Promise((resolve) => {
          const timer: NodeJS.Timeout = setTimeout(
            function (this: unknown, ...args: unknown[]) {
              resolve([this === timer, ...args]);
            },
            5,
            'a',
            2,
          );
        }),
    );
    expect(value).toEqual([true, 'a', 2]);
  });

  test('a callback that is no function is refused as by Node', async () => {
    await onVirtualTime(() => {
      for (const set of [setTimeout, setInterval, setImmediate]) {
        const call = (): unknown => set('code' as unknown as () => void);
        expect(call).toThrow(expect.objectContaining({ code: 'ERR_INVALID_ARG_TYPE' }));
      }
    });
  });

  test('a native timer from before the trial can be cleared in it', async () => {
    const native = setTimeout(() => {
      throw new Error('should have been cleared');
    }, 2 ** 30);
    await onVirtualTime(() => clearTimeout(native));
    expect((native as unknown as { _destroyed: boolean })._destroyed).toBe(true);
  });
});

test('callbacks run in the async context that set them', async () => {
  const storage = new AsyncLocalStorage<string>();
  const seen: unknown[] = [];
  await onVirtualTime(async () => {
    const see = (): unknown => seen.push(storage.getStore());
    storage.run('timeout', () => setTimeout(see, 5));
    storage.run('immediate', () => setImmediate(see));
    storage.run('promisified', () => promisify(setTimeout)(6).then(see));
    storage.run('signal', () => AbortSignal.timeout(7).addEventListener('abort', see));
    storage.run('interval', () => {
      const interval = setInterval(() => {
        see();
        clearInterval(interval);
      }, 8);
    });
    await sleep(20);
  });
  expect(seen).toEqual(['immediate', 'timeout', 'promisified', 'signal', 'interval']);
});
