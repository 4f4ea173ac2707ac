// Workers side by side, each with one trial at a time, and the watchdog over them. A worker whose
// heart stops is ended: its chain spins, and no timer of its own can say so.
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { HarnessError, messageOf } from '../errors.ts';
import type { Spent } from '../recordings/budget.ts';
import type { Job, JobDone, StopMessage, WorkerMessage, WorkerSetup } from './worker-protocol.ts';
import { beatSlots } from './worker-protocol.ts';

/** Wall ms that loading a chain may take. */
const loadMs = 60_000;
const lookEveryMs = 250;

export interface PoolOptions {
  setup: Omit<WorkerSetup, 'beat' | 'primaries'>;
  jobs: Job[];
  workers: number;
  onDone(job: Job, done: JobDone): void;
  /**
   * A chain that spins; `nowMs` is when in the trial it was last seen to live. The trial has been
   * run twice by then, the second time with every event on disk at once; its worker has ended.
   */
  onSpin(job: Job, nowMs: number): void;
  /** Live: what was spent so far, with what is under way at its most. */
  onSpent?(spent: Spent): void;
  /** What the chain prints; to stderr by default, because reports go to stdout. */
  onOutput?(text: string): void;
  signal: AbortSignal;
  /** Wall ms without a heartbeat after which a chain counts as spinning. */
  silenceMs?: number;
}

/** Runs all jobs. Rejects with HarnessError at the first failure; the workers are then ended. */
export async function runPool(options: PoolOptions): Promise<void> {
  const queue = [...options.jobs];
  const lanes = Math.max(1, Math.min(options.workers, queue.length));
  const ended = new AbortController();
  const signal = AbortSignal.any([options.signal, ended.signal]);
  const primaries: WorkerSetup['primaries'] = {};
  const lane = async (): Promise<void> => {
    while (queue.length > 0 && !signal.aborted) {
      await new Lane(options, queue, primaries, signal).run();
    }
  };
  try {
    await Promise.all(Array.from({ length: lanes }, lane));
  } catch (error) {
    ended.abort();
    throw error;
  }
}

/** A job as messages name it. */
export function named({ name, trial, twin }: Job): string {
  return `${name}, trial ${trial}${twin === null ? '' : ` (twin ${twin})`}`;
}

/**
 * One worker, from its start until the queue is empty, it fails, is used up, or its chain spins.
 */
class Lane {
  readonly #options: PoolOptions;
  readonly #queue: Job[];
  readonly #primaries: WorkerSetup['primaries'];
  readonly #signal: AbortSignal;
  readonly #beats = new Int32Array(new SharedArrayBuffer(16));
  #job: Job | null = null;
  #ready = false;
  #silentMs = 0;
  #isolate = false;

  constructor(
    options: PoolOptions,
    queue: Job[],
    primaries: WorkerSetup['primaries'],
    signal: AbortSignal,
  ) {
    this.#options = options;
    this.#queue = queue;
    this.#primaries = primaries;
    this.#signal = signal;
  }

  async run(): Promise<void> {
    const { setup, onOutput } = this.#options;
    const primaries = this.#primaries;
    const worker = startWorker({ ...setup, primaries, beat: this.#beats.buffer }, onOutput);
    let spinning = false;
    const watch = this.#watch(() => {
      spinning = true;
      worker.terminate();
    });
    const stop = (): void => {
      // What is paid for and under way is let come to its end.
      if (setup.live) worker.postMessage({ stop: 'Ctrl-C' } satisfies StopMessage);
      else worker.terminate();
    };
    this.#signal.addEventListener('abort', stop, { once: true });
    try {
      await new Promise<void>((resolve, reject) => {
        worker.on('message', (message: WorkerMessage) => {
          if (message.type === 'failed') reject(this.#failed(message.message));
          else if (message.type === 'spent') this.#spent(message.spent);
          else if (!this.#next(worker, message)) resolve();
        });
        worker.on('error', (error: unknown) => reject(this.#failed(brokenText(error))));
        worker.on('exit', () => {
          if (spinning || this.#signal.aborted) resolve();
          else reject(this.#failed('the worker ended before the trial did'));
        });
      });
    } finally {
      clearInterval(watch);
      this.#signal.removeEventListener('abort', stop);
      await worker.terminate();
    }
    if (spinning) this.#spun();
  }

  /** Whoever comes after this worker goes on from there. */
  #spent(spent: Spent): void {
    const { setup, onSpent } = this.#options;
    if (setup.live) setup.live.spent = spent;
    onSpent?.(spent);
  }

  #failed(message: string): HarnessError {
    return new HarnessError(this.#job ? `${named(this.#job)}: ${message}` : message);
  }

  /** Takes note of a message and hands out the next job; false when there is none left for it. */
  #next(worker: Worker, message: Exclude<WorkerMessage, { type: 'failed' | 'spent' }>): boolean {
    if (message.type === 'ready') {
      this.#ready = true;
      this.#isolate = message.isolate;
    } else if (message.type === 'primary') {
      this.#primaries[message.workload] = message.target;
      if (this.#job) this.#queue.unshift(this.#job);
      this.#job = null;
      return false;
    } else if (this.#job) {
      this.#options.onDone(this.#job, message);
      // Nothing further can be paid.
      if (message.scores.stopped) this.#queue.length = 0;
      this.#job = null;
      if (this.#isolate) return false;
    }
    if (this.#signal.aborted) return false;
    this.#job = this.#queue.shift() ?? null;
    if (!this.#job) return false;
    // Loading, or what came after the last trial's last beat, is none of this trial's silence.
    this.#silentMs = 0;
    worker.postMessage(this.#job);
    return true;
  }

  #watch(onSilence: () => void): ReturnType<typeof setInterval> {
    const { silenceMs = 10_000 } = this.#options;
    let last = -1;
    return setInterval(() => {
      const beats = Atomics.load(this.#beats, beatSlots.beats);
      // In looks, not by the clock: a machine that was asleep has not watched anybody.
      this.#silentMs = beats === last ? this.#silentMs + lookEveryMs : 0;
      last = beats;
      if (this.#silentMs >= (this.#ready ? silenceMs : loadMs)) onSilence();
    }, lookEveryMs);
  }

  #spun(): void {
    if (!this.#job) {
      throw new HarnessError(`the chain module did not load within ${loadMs / 1000} s`);
    }
    if (this.#options.setup.live) {
      throw this.#failed('the chain does not give back control: what it asked for was paid');
    }
    if (!this.#job.unbuffered) {
      this.#queue.unshift({ ...this.#job, unbuffered: true });
      return;
    }
    try {
      this.#options.onSpin(this.#job, Atomics.load(this.#beats, beatSlots.nowMs));
    } catch (error) {
      throw this.#failed(messageOf(error));
    }
  }
}

/** What ends a worker from outside its JavaScript: for the most part, memory. */
function brokenText(error: unknown): string {
  const code = error instanceof Error ? Reflect.get(error, 'code') : undefined;
  if (code === 'ERR_WORKER_OUT_OF_MEMORY') {
    return 'the chain needs more memory than its worker has: give Node more with NODE_OPTIONS=--max-old-space-size=<MB>';
  }
  return `the worker broke down: ${messageOf(error)}`;
}

/** From a checkout the worker is TypeScript and needs tsx; from the package it is plain Node. */
function startWorker(
  setup: WorkerSetup,
  onOutput: PoolOptions['onOutput'] = (text) => process.stderr.write(text),
): Worker {
  const typescript = import.meta.url.endsWith('.ts');
  const file = new URL(typescript ? './worker.ts' : './worker.js', import.meta.url);
  const worker = new Worker(fileURLToPath(file), {
    workerData: setup,
    execArgv: typescript ? ['--import', import.meta.resolve('tsx')] : [],
    // Calls in flight survive each collection of young objects: the rarer, the better.
    resourceLimits: { maxYoungGenerationSizeMb: 96 },
    stdout: true,
    stderr: true,
  });
  for (const stream of [worker.stdout, worker.stderr]) {
    stream.setEncoding('utf8').on('data', onOutput);
  }
  return worker;
}
