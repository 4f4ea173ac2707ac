// `node:timers/promises` over the virtual timers, with Node's ways to abort: an AbortError whose
// cause is the signal's reason, listeners taken off again, arguments that Node refuses refused.
import { VirtualImmediate, VirtualTimeout } from './virtual-timers.ts';

interface Options {
  signal?: AbortSignal;
}

function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason });
  return Object.assign(error, { name: 'AbortError', code: 'ABORT_ERR' });
}

/** A promise that `start` settles through its argument; an abort runs what `start` returned. */
function abortable<T>(
  options: Options | undefined,
  start: (resolve: () => void) => () => void,
  value: T,
): Promise<T> {
  const signal = options?.signal;
  if (signal?.aborted) return Promise.reject(abortError(signal));
  return new Promise((resolve, reject) => {
    const cancel = start(() => {
      signal?.removeEventListener('abort', onAbort);
      resolve(value);
    });
    const onAbort = (): void => {
      cancel();
      if (signal) reject(abortError(signal));
    };
    signal?.addEventListener('abort', onAbort, { once: true });
  });
}

export function sleep<T>(delay?: number, value?: T, options?: Options): Promise<T | undefined> {
  return abortable(
    options,
    (resolve) => {
      const timeout = new VirtualTimeout(resolve, delay, [], false);
      return () => timeout.close();
    },
    value,
  );
}

export function immediate<T>(value?: T, options?: Options): Promise<T | undefined> {
  return abortable(
    options,
    (resolve) => {
      const pending = new VirtualImmediate(resolve, []);
      return () => pending[Symbol.dispose]();
    },
    value,
  );
}

/** Yields the value once per interval that has passed, also those that passed unread. */
export async function* every<T>(
  delay?: number,
  value?: T,
  options?: Options,
): AsyncGenerator<T | undefined, void> {
  const signal = options?.signal;
  if (signal?.aborted) throw abortError(signal);
  let passed = 0;
  let wake: (() => void) | undefined;
  const notify = (): void => wake?.();
  const tick = (): void => {
    passed++;
    notify();
  };
  const interval = new VirtualTimeout(tick, delay, [], true);
  signal?.addEventListener('abort', notify, { once: true });
  try {
    while (!signal?.aborted) {
      if (passed === 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
      for (; passed > 0; passed--) yield value;
    }
    throw abortError(signal);
  } finally {
    interval.close();
    signal?.removeEventListener('abort', notify);
  }
}
