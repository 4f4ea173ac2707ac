// The one place where chains touch clocks and timers. They are the ordinary globals, looked up when
// they are used, so that a drill can put virtual ones in their place. A leaf.

/** Node fires longer timers at once. */
const longestMs = 2 ** 31 - 1;

/** ms on a clock that is never set back. */
export const now = (): number => performance.now();

/** Epoch ms: for dates that a provider sends. */
export const wallNow = (): number => Date.now();

/** Runs once after `ms`; returns what calls it off. */
export function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, Math.min(Math.max(0, ms), longestMs));
  return () => clearTimeout(timer);
}

/** Waits, or until `woken`; rejects with the signal's reason as soon as it aborts. */
export function sleep(ms: number, signal: AbortSignal, woken?: Promise<unknown>): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal.aborted) {
      reject(signal.reason);
      return;
    }
    const onAbort = (): void => {
      callOff();
      reject(signal.reason);
    };
    const done = (): void => {
      callOff();
      signal.removeEventListener('abort', onAbort);
      resolve();
    };
    const callOff = after(ms, done);
    signal.addEventListener('abort', onAbort, { once: true });
    woken?.then(done, done);
  });
}
