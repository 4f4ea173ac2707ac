// Workers side by side, each with one trial at a time, and the watchdog over them. A worker whose
// heart stops is ended: its chain spins, and no timer of its own can say so.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { HarnessError, messageOf } from './errors.ts';
import type { Job, JobDone, WorkerMessage, WorkerSetup } from './worker-protocol.ts';
import { beatSlots } from './worker-protocol.ts';

/** Wall ms without a heartbeat after which a chain counts as spinning. */
const silenceMs = 10_000;
/** Wall ms that loading a chain may take. */
const loadMs = 60_000;
const lookEveryMs = 250;

export interface PoolOptions {
  setup: Omit<WorkerSetup, 'beat'>;
  jobs: Job[];
  workers: number;
  onDone(job: Job, done: JobDone): void;
  /**
   * A chain that spins: where. The trial has been run twice by then, the second time with every
   * event on disk at once; its worker has ended.
   */
  onSpin(job: Job, at: { call: number; nowMs: number }): void;
  signal: AbortSignal;
}

/** Runs all jobs. Rejects with HarnessError at the first failure; the workers are then ended. */
export async function runPool(options: PoolOptions): Promise<void> {
  const queue = [...options.jobs];
  const lanes = Math.max(1, Math.min(options.workers, queue.length));
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const lane = async (): Promise<void> => {
    while (queue.length > 0 && !signal.aborted) await new Lane(options, queue, signal).run();
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } catch (error) {
    ended.abort();
    throw error;
  }
}

/** One worker, from its start until the queue is empty, it fails, or its chain spins. */
class Lane {
  readonly #options: PoolOptions;
  readonly #queue: Job[];
  readonly #signal: AbortSignal;
  readonly #beats = new Int32Array(new SharedArrayBuffer(16));
  #job: Job | null = null;
  #ready = false;

  constructor(options: PoolOptions, queue: Job[], signal: AbortSignal) {
    this.#options = options;
    this.#queue = queue;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const worker = startWorker({ ...this.#options.setup, beat: this.#beats.buffer });
    let spinning = false;
    const watch = this.#watch(() => {
      spinning = true;
      worker.terminate();
    });
    const stop = (): void => {
      worker.terminate();
    };
    this.#signal.addEventListener('abort', stop, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        worker.on('message', (message: WorkerMessage) => {
          if (message.type === 'failed') reject(new HarnessError(message.message));
          else if (!this.#next(worker, message)) resolve();
        });
        worker.on('error', (error: unknown) => {
          reject(new HarnessError(`the chain threw outside of every call: ${messageOf(error)}`));
        });
        worker.on('exit', () => {
          if (spinning || this.#signal.aborted) resolve();
          else
            reject(
              new HarnessError(
                'a worker ended before its trial did: does the chain end the process?',
              ),
            );
        });
      });
    } finally {
      clearInterval(watch);
      this.#signal.removeEventListener('abort', stop);
      await worker.terminate();
    }
    if (spinning) this.#spun();
  }

  /** Takes note of a message and hands out the next job; false when there is none left. */
  #next(worker: Worker, message: WorkerMessage): boolean {
    if (message.type === 'done' && this.#job) this.#options.onDone(this.#job, message);
    this.#ready = true;
    this.#job = this.#queue.shift() ?? null;
    if (!this.#job || this.#signal.aborted) return false;
    worker.postMessage(this.#job);
    return true;
  }

  #watch(onSilence: () => void): ReturnType<typeof setInterval> {
    let last = -1;
    let silent = 0;
    return setInterval(() => {
      const beats = Atomics.load(this.#beats, beatSlots.beats);
      silent = beats === last ? silent + lookEveryMs : 0;
      last = beats;
      if (silent >= (this.#ready ? silenceMs : loadMs)) onSilence();
    }, lookEveryMs);
  }

  #spun(): void {
    if (!this.#job) {
      throw new HarnessError(`the chain module did not load within ${loadMs / 1000} s`);
    }
    if (!this.#job.unbuffered) {
      this.#queue.unshift({ ...this.#job, unbuffered: true });
      return;
    }
    this.#options.onSpin(this.#job, {
      call: Atomics.load(this.#beats, beatSlots.call),
      nowMs: Atomics.load(this.#beats, beatSlots.nowMs),
    });
  }
}

/** From a checkout the worker is TypeScript and needs tsx; from the package it is plain Node. */
function startWorker(setup: WorkerSetup): Worker {
  const typescript = import.meta.url.endsWith('.ts');
  const file = new URL(typescript ? './worker.ts' : './worker.js', import.meta.url);
  return new Worker(fileURLToPath(file), {
    workerData: setup,
    execArgv: typescript ? ['--import', import.meta.resolve('tsx')] : [],
    resourceLimits: { maxYoungGenerationSizeMb: 32 },
  });
}
