// Every name under which a program reaches time, pointed at the virtual clock. The replacements are
// made once a thread and ask the clock at each call, so that a chain module which captured one in
// an earlier trial (`const { setTimeout } = timers`) is right in the next, and on wall time outside
// one.
import timersModule from 'node:timers';
import timersPromises from 'node:timers/promises';
import { promisify } from 'node:util';
import type { Patches } from './patches.ts';
import { every, immediate, sleep } from './timer-promises.ts';
import { clock, isRunning, uptimeMs } from './virtual-clock.ts';
import { VirtualTimeout, virtualTimers } from './virtual-timers.ts';

const { scheduler } = timersPromises;
const node = {
  Date,
  promises: { ...timersPromises },
  wait: scheduler.wait.bind(scheduler),
  yield: scheduler.yield.bind(scheduler),
  hrtime: process.hrtime,
  uptime: process.uptime,
  abortTimeout: AbortSignal.timeout,
  format: Object.getOwnPropertyDescriptor(Intl.DateTimeFormat.prototype, 'format')?.get,
  formatToParts: Intl.DateTimeFormat.prototype.formatToParts,
  now: Performance.prototype.now,
  mark: Performance.prototype.mark,
  measure: Performance.prototype.measure,
};

/** What a captured virtual `Date` reads while no trial runs. */
clock.Date.clock = {
  get now() {
    return node.Date.now();
  },
} as typeof clock;

interface PromiseOptions {
  signal?: AbortSignal;
  ref?: boolean;
}

/** Whether Node would take the arguments; what it refuses it is given, for its own error. */
function virtual(delay: unknown, options: unknown): boolean {
  if (!isRunning() || (delay !== undefined && typeof delay !== 'number')) return false;
  if (options === undefined) return true;
  if (options === null || typeof options !== 'object') return false;
  const { signal, ref } = options as PromiseOptions;
  return (
    (signal === undefined || signal instanceof AbortSignal) &&
    (ref === undefined || typeof ref === 'boolean')
  );
}

const promises = {
  setTimeout: <T>(delay?: number, value?: T, options?: PromiseOptions) =>
    virtual(delay, options)
      ? sleep(delay, value, options)
      : node.promises.setTimeout(delay, value, options),
  setImmediate: <T>(value?: T, options?: PromiseOptions) =>
    virtual(undefined, options)
      ? immediate(value, options)
      : node.promises.setImmediate(value, options),
  setInterval: <T>(delay?: number, value?: T, options?: PromiseOptions) =>
    virtual(delay, options)
      ? every(delay, value, options)
      : node.promises.setInterval(delay, value, options),
};

const schedulerMethods = {
  wait: (delay: number, options?: PromiseOptions) =>
    virtual(delay, options) ? sleep(delay, undefined, options) : node.wait(delay, options),
  yield: () => (isRunning() ? immediate() : node.yield()),
};

for (const name of ['setTimeout', 'setImmediate'] as const) {
  Object.defineProperty(virtualTimers[name], promisify.custom, { value: promises[name] });
}

const virtualHrtime = clock.hrtime as NodeJS.HRTime;
const hrtime = Object.assign(
  (previous?: [number, number]): [number, number] =>
    isRunning() && (previous === undefined || Array.isArray(previous))
      ? virtualHrtime(previous)
      : node.hrtime(previous),
  { bigint: () => (isRunning() ? virtualHrtime.bigint() : node.hrtime.bigint()) },
);

function abortTimeout(delayMs: number): AbortSignal {
  const accepted = Number.isInteger(delayMs) && delayMs >= 0 && delayMs < 2 ** 32;
  if (!isRunning() || !accepted) return node.abortTimeout.call(AbortSignal, delayMs);
  const controller = new AbortController();
  const expire = (): void =>
    controller.abort(new DOMException('The operation was aborted due to timeout', 'TimeoutError'));
  // The timer holds the controller, so the signal cannot be collected before its time.
  new VirtualTimeout(expire, delayMs, [], false).unref();
  return controller.signal;
}

export function patchTime(patches: Patches): void {
  for (const [name, replacement] of Object.entries(virtualTimers)) {
    patches.set(globalThis, name, replacement);
    patches.set(timersModule, name, replacement);
  }
  for (const [name, replacement] of Object.entries(promises)) {
    patches.set(timersPromises, name, replacement);
  }
  for (const [name, replacement] of Object.entries(schedulerMethods)) {
    patches.set(scheduler, name, replacement);
  }
  patches.set(globalThis, 'Date', clock.Date);
  patches.set(clock.Date, 'clock', clock);
  if ('Temporal' in globalThis) patches.set(globalThis, 'Temporal', clock.Temporal);
  patches.set(process, 'hrtime', hrtime);
  patches.set(process, 'uptime', () => (isRunning() ? uptimeMs() / 1000 : node.uptime()));
  patches.set(AbortSignal, 'timeout', abortTimeout);
  patchDateFormat(patches);
  patchPerformance(patches);
}

/** `format()` and `formatToParts()` without a date mean now. */
function patchDateFormat(patches: Patches): void {
  const { prototype } = Intl.DateTimeFormat;
  patches.define(prototype, 'format', {
    get(this: Intl.DateTimeFormat) {
      const format: Intl.DateTimeFormat['format'] = node.format?.call(this);
      return (date?: Date | number) => format(date ?? clock.Date.now());
    },
  });
  patches.set(prototype, 'formatToParts', function (this: Intl.DateTimeFormat, date?: Date) {
    return node.formatToParts.call(this, date ?? clock.Date.now());
  });
}

/** The object stays what it is, with its timeline; only what reads the time is changed. */
function patchPerformance(patches: Patches): void {
  const { prototype } = Performance;
  patches.set(prototype, 'now', function (this: Performance) {
    return isRunning() ? uptimeMs() : node.now.call(this);
  });
  patches.define(prototype, 'timeOrigin', { get: () => clock.now - uptimeMs() });
  patches.set(
    prototype,
    'mark',
    function (this: Performance, name: string, options?: PerformanceMarkOptions) {
      return node.mark.call(this, name, { startTime: uptimeMs(), ...options });
    },
  );
  patches.set(
    prototype,
    'measure',
    function (
      this: Performance,
      name: string,
      from?: string | PerformanceMeasureOptions,
      to?: string,
    ) {
      if (to !== undefined) return node.measure.call(this, name, from as string, to);
      const options = typeof from === 'object' ? from : { start: from ?? 0 };
      const ends = options.end !== undefined || options.duration !== undefined;
      return node.measure.call(this, name, ends ? options : { ...options, end: uptimeMs() });
    },
  );
}
