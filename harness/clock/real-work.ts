// Work that a timer callback has started outside JavaScript and that is not done yet: file system,
// crypto, name look-ups, WebAssembly. Virtual time may not move while there is any, or it would
// jump over an answer that is on its way, by an amount that depends on how busy the machine is.
import { type AsyncHook, AsyncResource, createHook } from 'node:async_hooks';
import { Patches } from './patches.ts';

/** Resources whose life is one operation, beside the jobs of crypto. */
const ONE_SHOT = /^(FSREQCALLBACK|FSREQPROMISE|FILEHANDLECLOSEREQ|QUERYWRAP|GET\w+REQWRAP)$/;
/** Also what others call theirs: HTTPCLIENTREQUEST, UNDICI_REQUEST. */
const PERHAPS_JOB = /REQUEST$/;
/** Resources that pure JavaScript makes all the time, or that only our own timers use. */
const ORDINARY = new Set([
  'PROMISE',
  'TickObject',
  'Microtask',
  'Timeout',
  'VirtualImmediate',
  'bound-anonymous-fn',
]);
const NAMES: readonly [RegExp, string][] = [
  [/^F(S|ILE)/, 'file system'],
  [/^(GETADDRINFO|GETNAMEINFO|QUERY)/, 'name look-up'],
  [/REQUEST$/, 'crypto'],
];

export interface RealWork {
  /** Whether nothing is pending and nothing has begun or ended since the last call. */
  settled(): boolean;
  /** Grows whenever an operation begins or ends. */
  progress(): number;
  /** The oldest pending operation, in words; null if there is none. */
  oldest(): string | null;
  /** Does something that is not to be counted as the chain's. */
  unseen(action: () => void): void;
  stop(): void;
}

interface Pending {
  type: string;
  resource: object;
}

/** Whether hooks leave promises alone on this Node, so that tracking costs almost nothing. */
export function realWorkIsCheap(nodeVersion = process.versions.node): boolean {
  return Number.parseInt(nodeVersion, 10) >= 24;
}

/** For chains that are known to do none. */
export const noRealWork: RealWork = {
  settled: () => true,
  progress: () => 0,
  oldest: () => null,
  unseen: (action) => action(),
  stop: () => {},
};

/** Starts to watch this thread. */
export function trackRealWork(): RealWork {
  const pending = new Map<number, Pending>();
  const jobs = new WeakMap<object, number>();
  const patches = new Patches();
  const types = new Map<string, Kind>();
  let activity = 0;
  let activityBefore = 0;
  let ours = false;

  const end = (id: number): void => {
    if (pending.delete(id)) activity++;
  };
  const hook = startHook({
    init(id, type, _trigger, resource) {
      const kind = types.get(type) ?? kindOf(type);
      types.set(type, kind);
      if (kind === 'ordinary' || ours) return;
      activity++;
      const job = kind === 'perhaps job' && isJob(resource);
      if (job || kind === 'one-shot') pending.set(id, { type, resource });
      if (!job) return;
      jobs.set(resource, id);
      watchRun(patches, resource, (done) => end(jobs.get(done) ?? Number.NaN));
    },
    after: end,
    destroy: end,
  });
  trackWebAssembly(patches, {
    begin: (id, type) => pending.set(id, { type, resource: {} }),
    end,
  });

  return {
    settled() {
      if (pending.size > 0) dropUnawaited(pending);
      if (pending.size === 0 && activity === activityBefore) return true;
      activityBefore = activity;
      return false;
    },
    progress: () => activity,
    oldest() {
      for (const { type } of pending.values()) return nameOf(type);
      return null;
    },
    unseen(action) {
      ours = true;
      action();
      ours = false;
    },
    stop() {
      hook.disable();
      patches.restore();
    },
  };
}

function startHook(callbacks: Parameters<typeof createHook>[0]): AsyncHook {
  // Without promises Node need not call the hook for each `await`; Node 22 ignores the flag.
  const options = { ...callbacks, trackPromises: false };
  return createHook(options).enable();
}

type Kind = 'ordinary' | 'one-shot' | 'perhaps job' | 'other';

function kindOf(type: string): Kind {
  if (ORDINARY.has(type)) return 'ordinary';
  if (ONE_SHOT.test(type)) return 'one-shot';
  return PERHAPS_JOB.test(type) ? 'perhaps job' : 'other';
}

interface Job {
  run(...args: unknown[]): unknown;
}

function isJob(resource: object): resource is Job {
  return !(resource instanceof AsyncResource) && typeof (resource as Job).run === 'function';
}

function nameOf(type: string): string {
  const name = NAMES.find(([pattern]) => pattern.test(type))?.[1];
  return name === undefined ? type : `${type} (${name})`;
}

/**
 * `pbkdf2Sync`, `randomBytes` without a callback and others make the same resource as their
 * asynchronous forms and never end it. What tells them apart is that they have a result at once:
 * so the first job of each class gets its class a `run` that looks.
 */
function watchRun(patches: Patches, job: Job, onSynchronous: (job: object) => void): void {
  const { run } = job;
  if (watchedRuns.has(run)) return;
  const watched = function (this: object, ...args: unknown[]): unknown {
    const result = run.apply(this, args);
    if (Array.isArray(result)) onSynchronous(this);
    return result;
  };
  watchedRuns.add(watched);
  patches.set(Object.getPrototypeOf(job), 'run', watched);
}

const watchedRuns = new WeakSet<object>();

/** File requests of native code, which tells JavaScript by other means when they end. */
function dropUnawaited(pending: Map<number, Pending>): void {
  for (const [id, { type, resource }] of pending) {
    if (type === 'FSREQCALLBACK' && !('oncomplete' in resource)) pending.delete(id);
  }
}

/** WebAssembly compiles on V8's own threads, which have no hooks. */
function trackWebAssembly(
  patches: Patches,
  on: { begin(id: number, type: string): void; end(id: number): void },
): void {
  let next = -1;
  for (const name of ['compile', 'instantiate', 'compileStreaming', 'instantiateStreaming']) {
    const original = (WebAssembly as unknown as Record<string, (...args: unknown[]) => unknown>)[
      name
    ];
    if (!original) continue;
    patches.set(WebAssembly, name, (...args: unknown[]) => {
      const id = next--;
      on.begin(id, `WebAssembly.${name}`);
      const done = (): void => on.end(id);
      const result = original.apply(WebAssembly, args) as Promise<unknown>;
      result.then(done, done);
      return result;
    });
  }
}
