// The guard's part for worker threads, in which nothing of a trial would be in place.
import type { EventEmitter } from 'node:events';
import workerThreads from 'node:worker_threads';
import type { Patches } from '../clock/patches.ts';
import { notPermitted, type Refuses } from './departure.ts';

/**
 * A class whose base has been exchanged runs the new base's constructor at `super()`: so a `Worker`
 * that was captured early is refused too. The exported class also knows the script's name.
 */
export function guardThreads(patches: Patches, refuses: Refuses): () => void {
  const { Worker } = workerThreads;
  const base: typeof EventEmitter = Object.getPrototypeOf(Worker);
  let allowed = false;
  const construct = (args: unknown[], newTarget: unknown): object => {
    const [script, options] = args as [unknown, { eval?: boolean }?];
    const what = options?.eval ? 'from code in a string' : String(script);
    if (refuses({ kind: 'thread', what }))
      throw notPermitted(`Failed to start the worker thread ${what}`);
    allowed = true;
    try {
      return Reflect.construct(Worker, args, newTarget as typeof Worker);
    } finally {
      allowed = false;
    }
  };
  patches.set(
    workerThreads,
    'Worker',
    new Proxy(Worker, { construct: (_target, args, newTarget) => construct(args, newTarget) }),
  );
  Object.setPrototypeOf(
    Worker,
    class GuardedBase extends base {
      constructor() {
        const what = 'of a class that was imported before the trial';
        if (!allowed && refuses({ kind: 'thread', what }))
          throw notPermitted(`Failed to start the worker thread ${what}`);
        super();
      }
    },
  );
  return () => Object.setPrototypeOf(Worker, base);
}
