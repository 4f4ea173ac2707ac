import { setTimeout as namedSetTimeout } from 'node:timers';
import { describe, expect, test } from 'vitest';
import { installVirtualTime } from '../../harness/clock/clock.ts';
import { wall } from '../../harness/clock/wall.ts';
import { HarnessError } from '../../harness/errors.ts';
import { changed, globalState, onVirtualTime, START_MS } from './virtual.ts';

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const never = (): Promise<never> => new Promise(() => {});

describe('how a drive ends', () => {
  test('an hour of sleeping ends as done, with the hour on the clock', async () => {
    const trial = await onVirtualTime(() => sleep(3_599_999));
    expect(trial).toMatchObject({ ending: { end: 'done' }, virtualMs: 3_599_999, timersLeft: 0 });
  });

  test('a promise that nothing can settle is hung at the time when that became certain', async () => {
    const trial = await onVirtualTime(() => sleep(70).then(never));
    expect(trial).toMatchObject({ ending: { end: 'hung' }, virtualMs: 70 });
  });

  test('a chain that goes on polling is stopped at the horizon', async () => {
    let polls = 0;
    const poll = async (): Promise<void> => {
      for (;;) {
        await sleep(100);
        polls++;
      }
    };
    const trial = await onVirtualTime(poll, { untilMs: 1000 });
    expect(trial).toMatchObject({ ending: { end: 'horizon' }, virtualMs: 1000, timersLeft: 1 });
    expect(polls).toBe(9);
  });

  test('a horizon that moves while driving is followed', async () => {
    let untilMs = 500;
    const trial = await onVirtualTime(
      async () => {
        await sleep(300);
        untilMs = 2000;
        await sleep(5000);
      },
      { untilMs: () => untilMs },
    );
    expect(trial).toMatchObject({ ending: { end: 'horizon' }, virtualMs: 2000 });
  });

  test('a loop over setImmediate sees what it polls for, at its time', async () => {
    const poll = async (): Promise<number> => {
      let came = -1;
      setTimeout(() => {
        came = Date.now() - START_MS;
      }, 900);
      while (came < 0) await new Promise((resolve) => setImmediate(resolve));
      return came;
    };
    expect(await onVirtualTime(poll, { realWork: false })).toMatchObject({ value: 900 });
  });

  test('a loop over setImmediate reads its own deadline from the clock', async () => {
    const wait = async (): Promise<void> => {
      while (Date.now() < START_MS + 250) await new Promise((resolve) => setImmediate(resolve));
    };
    expect(await onVirtualTime(wait, { realWork: false })).toMatchObject({ virtualMs: 250 });
  });

  test('work in a thousand pieces takes no time', async () => {
    const work = async (): Promise<void> => {
      for (let i = 0; i < 1000; i++) await new Promise((resolve) => setImmediate(resolve));
    };
    expect(await onVirtualTime(work, { realWork: false })).toMatchObject({ virtualMs: 0 });
  });

  test('a loop over setImmediate without end is stopped at the horizon', async () => {
    const spin = async (): Promise<void> => {
      for (;;) await new Promise((resolve) => setImmediate(resolve));
    };
    const trial = await onVirtualTime(spin, { realWork: false });
    expect(trial).toMatchObject({ ending: { end: 'horizon' }, virtualMs: 3_600_000 });
  });

  test('timers that are kept go on in the next installation where they stood', async () => {
    const loading = installVirtualTime({ startEpochMs: START_MS, realWork: false });
    const ticks: number[] = [];
    const interval = setInterval(() => ticks.push(Date.now() - START_MS), 300);
    await loading.drive({ isDone: () => loading.now() >= 700, untilMs: 700 });
    expect([ticks, loading.timersSet()]).toEqual([[300, 600], 1]);
    loading.uninstall({ keepTimers: true });
    ticks.length = 0;
    const { timersLeft } = await onVirtualTime(async () => {
      await sleep(1000);
      clearInterval(interval);
    });
    expect([ticks, timersLeft]).toEqual([[200, 500, 800], 0]);
  });

  test('a loop over setTimeout(0) makes time pass and does not count as spinning', async () => {
    const poll = async (): Promise<void> => {
      for (let i = 0; i < 5000; i++) await sleep(0);
    };
    expect(await onVirtualTime(poll)).toMatchObject({ ending: { end: 'done' }, virtualMs: 5000 });
  });

  test('what onBeat or isDone throws rejects the drive', async () => {
    const onBeat = (): void => {
      throw new Error('no heart');
    };
    await expect(onVirtualTime(() => sleep(1), { onBeat })).rejects.toThrow('no heart');
  });

  test('every turn beats', async () => {
    let beats = 0;
    const body = async (): Promise<void> => {
      for (let i = 0; i < 20; i++) await sleep(1000);
    };
    await onVirtualTime(body, { onBeat: () => beats++ });
    expect(beats).toBeGreaterThanOrEqual(20);
  });

  test('one drive may follow another on the same clock', async () => {
    const time = installVirtualTime({ startEpochMs: START_MS, realWork: true });
    try {
      let fired = 0;
      setTimeout(() => fired++, 100);
      setTimeout(() => fired++, 200);
      const first = await time.drive({ isDone: () => fired === 1, untilMs: 1000 });
      expect([first.end, time.now()]).toEqual(['done', 100]);
      const second = await time.drive({ isDone: () => fired === 2, untilMs: 1000 });
      expect([second.end, time.now()]).toEqual(['done', 200]);
    } finally {
      time.uninstall();
    }
  });
});

describe('installing and uninstalling', () => {
  test('every global is the identical original afterwards, also a second time', async () => {
    const before = globalState();
    for (let i = 0; i < 2; i++) {
      const time = installVirtualTime({ startEpochMs: START_MS, realWork: true });
      const during = changed(before, globalState());
      const named = namedSetTimeout === globalThis.setTimeout;
      time.uninstall();
      expect([during.length > 20, named]).toEqual([true, true]);
      expect(changed(before, globalState())).toEqual([]);
      expect(namedSetTimeout).toBe(globalThis.setTimeout);
    }
  });

  test('pending timers are thrown away and counted', async () => {
    const fired: string[] = [];
    const { timersLeft } = await onVirtualTime(() => {
      setTimeout(() => fired.push('left over'), 10);
      setInterval(() => fired.push('left over'), 10);
      setImmediate(() => fired.push('left over'));
    });
    expect(timersLeft).toBe(3);
    await onVirtualTime(() => sleep(100));
    expect(fired).toEqual([]);
  });

  test('a second clock in the same thread is refused', async () => {
    const time = installVirtualTime({ startEpochMs: 0, realWork: false });
    try {
      const again = (): unknown => installVirtualTime({ startEpochMs: 0, realWork: false });
      expect(again).toThrow(HarnessError);
    } finally {
      time.uninstall();
    }
  });

  test('a function that a module captured in one trial belongs to the next, and to Node between', async () => {
    const captured = await onVirtualTime(() => ({ setTimeout, Date, now: performance.now }));
    if (!captured.value) throw new Error('nothing was captured');
    const { setTimeout: late, Date: LateDate } = captured.value;
    expect(Math.abs(LateDate.now() - Date.now())).toBeLessThan(60_000);
    const native = late(() => {}, 1000);
    expect(native).toBeInstanceOf(wall.setTimeout(() => {}, 0).constructor);
    clearTimeout(native);
    const trial = await onVirtualTime(async () => {
      await new Promise((resolve) => late(resolve, 250));
      return LateDate.now() - START_MS;
    });
    expect(trial.value).toBe(250);
  });

  test('a timer of an earlier trial stays dead when it is refreshed or cleared later', async () => {
    const fired: string[] = [];
    const { value: old } = await onVirtualTime(() => setTimeout(() => fired.push('old'), 10));
    await onVirtualTime(async () => {
      old?.refresh();
      clearTimeout(old);
      await sleep(100);
    });
    expect(fired).toEqual([]);
  });

  test('the wall clock is real while virtual time is installed', async () => {
    const before = wall.nowMs();
    await onVirtualTime(async () => {
      await sleep(1e6);
      expect(wall.nowMs() - before).toBeLessThan(1e6);
      await new Promise((resolve) => wall.setImmediate(resolve));
    });
  });
});

test('a callback that throws is an uncaught exception, and the drive goes on', async () => {
  const { listeners, restore } = takeUncaughtExceptions();
  try {
    const trial = await onVirtualTime(async () => {
      setTimeout(() => {
        throw new Error('thrown by a timer');
      }, 5);
      await sleep(10);
    });
    expect(trial).toMatchObject({ ending: { end: 'done' }, virtualMs: 10 });
    expect(listeners).toEqual(['thrown by a timer']);
  } finally {
    restore();
  }
});

/** Puts the test runner's own listeners aside. */
function takeUncaughtExceptions(): { listeners: string[]; restore(): void } {
  const messages: string[] = [];
  const before = process.listeners('uncaughtException');
  process.removeAllListeners('uncaughtException');
  process.on('uncaughtException', (error) => messages.push(error.message));
  const restore = (): void => {
    process.removeAllListeners('uncaughtException');
    for (const listener of before) process.on('uncaughtException', listener);
  };
  return { listeners: messages, restore };
}
