// Trials of a system in other processes, side by side, so that their waits overlap. Each has its
// own providers and its own system: nothing of one reaches another.
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { wall } from '../clock/wall.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { writeHistory } from '../run/history-file.ts';
import { TrialScoring } from '../run/make-report.ts';
import type { PoolOptions } from '../run/pool.ts';
import { named } from '../run/pool.ts';
import type { Job } from '../run/worker-protocol.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RealSystem } from './real-system.ts';
import { runRealTrial } from './real-trial.ts';

export interface RealPoolOptions
  extends Pick<PoolOptions, 'jobs' | 'workers' | 'onDone' | 'signal'> {
  system: RealSystem;
  scenarios: Scenario[];
  targetsFiles: string[];
  seed: number;
  cwd: string;
  /** Where each trial keeps what its system was told and printed. */
  logs: string;
}

/** Runs all jobs. Rejects with HarnessError at the first failure; all systems are then stopped. */
export async function runRealPool(options: RealPoolOptions): Promise<void> {
  const queue = [...options.jobs];
  const failed = new AbortController();
  const signal = AbortSignal.any([options.signal, failed.signal]);
  const lane = async (): Promise<void> => {
    for (let job = queue.shift(); job && !signal.aborted; job = queue.shift()) {
      await runOne(options, job, signal);
    }
  };
  const lanes = Math.min(options.workers, options.system.most, queue.length);
  const all = Array.from({ length: lanes }, () =>
    lane().catch((error: unknown) => {
      failed.abort(error);
    }),
  );
  await Promise.all(all);
  if (options.signal.aborted) return;
  if (failed.signal.aborted) throw failed.signal.reason;
}

async function runOne(options: RealPoolOptions, job: Job, signal: AbortSignal): Promise<void> {
  const { system, scenarios, targetsFiles, seed, cwd, logs, onDone } = options;
  const scenario = scenarios[job.scenario];
  if (!scenario) throw new HarnessError(`the plan names scenario ${job.scenario}, there is none`);
  const dir = join(logs, `${job.name}-${job.trial}`);
  mkdirSync(dir, { recursive: true });
  const started = wall.nowMs();
  const history = writeHistory(job.partFile);
  const scoring = new TrialScoring();
  try {
    await runRealTrial({
      system,
      scenario,
      trial: job.trial,
      seed,
      targetsFiles,
      cwd,
      dir,
      signal,
      record: (event) => {
        history.record(event);
        scoring.event(event);
      },
    });
    history.close();
  } catch (error) {
    history.discard();
    if (signal.aborted || error instanceof HarnessError) throw error;
    throw new HarnessError(`${named(job)}: ${messageOf(error)}`);
  }
  onDone(job, { wallMs: Math.round(wall.nowMs() - started), scores: scoring.end() });
}
