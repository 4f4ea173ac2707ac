import net from 'node:net';
import { performance as namedPerformance } from 'node:perf_hooks';
import { hrtime as namedHrtime } from 'node:process';
import timersPromises, {
  setInterval as every,
  setImmediate as immediate,
  scheduler,
  setTimeout as sleep,
} from 'node:timers/promises';
import { promisify } from 'node:util';
import { describe, expect, test } from 'vitest';
import { onVirtualTime, START_MS } from './virtual.ts';

describe('reading the time', () => {
  test('every clock shows the same whole milliseconds', async () => {
    await onVirtualTime(async (time) => {
      const [perf, hr, big, up] = [
        performance.now(),
        process.hrtime(),
        process.hrtime.bigint(),
        process.uptime(),
      ];
      expect([Date.now(), perf > 0, big > 0n]).toEqual([START_MS, true, true]);
      await sleep(12_345);
      expect(time.now()).toBe(12_345);
      expect(Date.now()).toBe(START_MS + 12_345);
      expect(new Date()).toEqual(new Date(START_MS + 12_345));
      expect(Date()).toBe(new Date(START_MS + 12_345).toString());
      expect(performance.now() - perf).toBe(12_345);
      expect(namedPerformance.now()).toBe(performance.now());
      expect(performance.timeOrigin + performance.now()).toBe(Date.now());
      expect(process.hrtime(hr)).toEqual([12, 345_000_000]);
      expect(namedHrtime.bigint() - big).toBe(12_345_000_000n);
      expect(process.uptime() - up).toBeCloseTo(12.345);
    });
  });

  test('dates stay dates', async () => {
    const before = new Date(0);
    await onVirtualTime(() => {
      expect(before).toBeInstanceOf(Date);
      expect(new Date(2020, 1, 1).constructor).toBe(Object.getPrototypeOf(before).constructor);
      expect(Date.UTC(1970, 0)).toBe(0);
      expect(structuredClone(new Date())).toEqual(new Date(START_MS));
    });
  });

  test('formatting without a date formats the virtual present', async () => {
    await onVirtualTime(() => {
      const format = new Intl.DateTimeFormat('en', { timeZone: 'UTC', dateStyle: 'short' });
      expect(format.format()).toBe('1/6/25');
      expect(format.formatToParts().at(-1)?.value).toBe('25');
      expect(format.format(0)).toBe('1/1/70');
      expect(format).toBeInstanceOf(Intl.DateTimeFormat);
    });
  });

  test('performance marks and measures are on virtual time', async () => {
    await onVirtualTime(async () => {
      const mark = performance.mark('asked');
      await sleep(500);
      expect(performance.measure('answer', 'asked').duration).toBe(500);
      const { startTime } = mark;
      expect(performance.measure('half', { start: startTime, duration: 250 }).duration).toBe(250);
    });
    performance.clearMarks();
    performance.clearMeasures();
  });
});

describe('node:timers/promises', () => {
  test('sleeps, yields and waits give their values at the right time', async () => {
    await onVirtualTime(async (time) => {
      expect([await sleep(10, 'slept'), time.now()]).toEqual(['slept', 10]);
      expect([await immediate('at once'), time.now()]).toEqual(['at once', 10]);
      await scheduler.wait(20);
      await scheduler.yield();
      expect(time.now()).toBe(30);
      expect([await promisify(setTimeout)(5, 'custom'), time.now()]).toEqual(['custom', 35]);
      expect(await promisify(setImmediate)('custom')).toBe('custom');
      expect(promisify(setTimeout)).toBe(timersPromises.setTimeout);
    });
  });

  test('an interval yields once per period, catching up on those that passed unread', async () => {
    const { value } = await onVirtualTime(async (time) => {
      const at: number[] = [];
      for await (const value of every(10, 'beat')) {
        expect(value).toBe('beat');
        at.push(time.now());
        if (at.length === 2) await sleep(35);
        if (at.length === 7) break;
      }
      return at;
    });
    expect(value).toEqual([10, 20, 55, 55, 55, 60, 70]);
  });

  test.each([
    ['a sleep', (signal: AbortSignal) => sleep(1000, 0, { signal })],
    ['a wait', (signal: AbortSignal) => scheduler.wait(1000, { signal })],
    [
      'an interval',
      async (signal: AbortSignal) => {
        for await (const _ of every(1000, 0, { signal }));
      },
    ],
  ])('%s ends with an AbortError when its signal aborts, and leaves no timer', async (_, start) => {
    const { value, virtualMs, timersLeft } = await onVirtualTime(async () => {
      const controller = new AbortController();
      setTimeout(() => controller.abort('enough'), 300);
      return await start(controller.signal).catch((error: unknown) => error);
    });
    expect(value).toMatchObject({ name: 'AbortError', code: 'ABORT_ERR', cause: 'enough' });
    expect([virtualMs, timersLeft]).toEqual([300, 0]);
  });

  test('a signal that has aborted before refuses at once', async () => {
    const signal = AbortSignal.abort('before');
    const { virtualMs } = await onVirtualTime(async () => {
      for (const start of [
        () => sleep(5, 0, { signal }),
        () => immediate(0, { signal }),
        () => every(5, 0, { signal }).next(),
      ]) {
        await expect(start()).rejects.toMatchObject({ name: 'AbortError', cause: 'before' });
      }
    });
    expect(virtualMs).toBe(0);
  });

  test('arguments that Node refuses are refused', async () => {
    await onVirtualTime(async () => {
      const wrong = [
        () => sleep('10' as unknown as number),
        () => sleep(1, 0, { signal: 5 as unknown as AbortSignal }),
        () => sleep(1, 0, null as unknown as object),
        () => every(1, 0, { ref: 1 as unknown as boolean }).next(),
      ];
      for (const call of wrong) {
        await expect(call()).rejects.toMatchObject({ code: 'ERR_INVALID_ARG_TYPE' });
      }
    });
  });
});

describe('AbortSignal.timeout', () => {
  test('aborts with a TimeoutError at its virtual time, though nobody holds the signal', async () => {
    const { value, virtualMs } = await onVirtualTime(
      () =>
        new Promise<unknown>((resolve) => {
          const signal = AbortSignal.any([AbortSignal.timeout(9000)]);
          signal.addEventListener('abort', () => resolve(signal.reason));
        }),
    );
    expect(virtualMs).toBe(9000);
    expect(value).toBeInstanceOf(DOMException);
    expect(value).toMatchObject({
      name: 'TimeoutError',
      message: 'The operation was aborted due to timeout',
      code: 23,
    });
  });

  test('refuses what Node refuses', async () => {
    await onVirtualTime(() => {
      expect(() => AbortSignal.timeout(-1)).toThrow(RangeError);
      expect(() => AbortSignal.timeout('5' as unknown as number)).toThrow(TypeError);
    });
  });
});

describe('socket timeouts', () => {
  test('fire on virtual time, start anew with activity, and can be taken back', async () => {
    const { value } = await onVirtualTime(async (time) => {
      const at: number[] = [];
      const socket = new net.Socket();
      socket.setTimeout(5000, () => at.push(time.now()));
      await sleep(3000);
      (socket as unknown as { _unrefTimer(): void })._unrefTimer();
      await sleep(10_000);
      socket.setTimeout(100);
      socket.setTimeout(0);
      await sleep(10_000);
      return [...at, socket.timeout];
    });
    expect(value).toEqual([8000, 0]);
  });

  test('a destroyed socket leaves no timer', async () => {
    const { timersLeft } = await onVirtualTime(() => {
      const socket = new net.Socket();
      socket.setTimeout(5000);
      socket.destroy();
    });
    expect(timersLeft).toBe(0);
  });

  test('an http request with a timeout gets it on virtual time', async () => {
    const { request } = await import('node:http');
    const { value, virtualMs } = await onVirtualTime(
      () =>
        new Promise((resolve) => {
          const createConnection = (): net.Socket => new net.Socket();
          const call = request({ host: 'api.test', createConnection });
          call.setTimeout(7000);
          call.on('timeout', () => call.destroy(new Error('too slow')));
          call.on('error', (error) => resolve(error.message));
        }),
    );
    expect([value, virtualMs]).toEqual(['too slow', 7000]);
  });
});
