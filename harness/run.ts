// A run: the plan's trials through the workers, then history, scores and reports into its folder.
// It owns the order of things and no policy: what a trial does is trial.ts, what it is worth is
// make-report.ts.
import { closeSync, createReadStream, openSync, renameSync, writeSync } from 'node:fs';
import { basename, extname } from 'node:path';
import { HarnessError, messageOf } from './errors.ts';
import { readHistory } from './history-file.ts';
import type { RunFacts, TrialScores } from './make-report.ts';
import { makeReport, TrialScoring } from './make-report.ts';
import type { Plan } from './plan.ts';
import { runPool } from './pool.ts';
import type { Report } from './report.ts';
import type { RunFolder } from './run-folder.ts';
import { historyName } from './run-folder.ts';
import { finishSpun } from './spun-trial.ts';
import type { Job } from './worker-protocol.ts';
import { writeReports } from './write-reports.ts';

export interface RunOptions {
  plan: Plan;
  folder: RunFolder;
  workers: number;
  resume: boolean;
  cwd: string;
  /** What to call a scenario, and the words behind it, in `firedrill replay`. */
  replay: { scenario(name: string): string; words: string };
  onProgress(done: number, total: number): void;
  signal: AbortSignal;
}

export interface RunResult {
  /** Null where the run was interrupted: finished trials are kept. */
  report: Report | null;
  done: number;
  total: number;
}

/** Runs what is not yet there. Throws HarnessError; finished trials are then kept too. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { plan, folder, signal } = options;
  const started = new Date();
  folder.open(
    {
      version: 1,
      fingerprint: plan.fingerprint,
      chain: basename(plan.chainFile, extname(plan.chainFile)),
      seed: plan.seed,
      trials: plan.trials,
      scenarios: Object.fromEntries(
        plan.scenarios.map(({ scenario: { name } }) => [name, options.replay.scenario(name)]),
      ),
      replay: options.replay.words,
      started: started.toISOString(),
    },
    options.resume,
  );
  const jobs = plan.jobs.map((job): Job => ({ ...job, partFile: folder.partFile(job.index) }));
  const scores = new Map<number, TrialScores>();
  const walls = new Map<number, number>();
  const there = new Set(folder.parts());
  const open = jobs.filter((job) => !there.has(job.partFile));
  options.onProgress(jobs.length - open.length, jobs.length);
  const workers = Math.max(1, Math.min(options.workers, open.length));
  const pool = runPool({
    setup: {
      chainFile: plan.chainFile,
      scenarios: plan.scenarios.map(({ file, text }) => ({ file, text })),
      targetsFiles: plan.targetsFiles,
      cwd: options.cwd,
      seed: plan.seed,
    },
    jobs: open,
    workers,
    signal,
    onDone: (job, done) => {
      walls.set(job.index, done.wallMs);
      scores.set(job.index, done.scores);
      options.onProgress(jobs.length - open.length + scores.size, jobs.length);
    },
    onSpin: (job, at) => {
      finishSpun(job.partFile, at);
      options.onProgress(jobs.length - open.length + scores.size + 1, jobs.length);
    },
  });
  await pool.catch((error: unknown) => {
    folder.discard();
    throw error;
  });
  const done = folder.parts().length;
  if (signal.aborted) return { report: null, done, total: jobs.length };
  const facts: RunFacts = {
    seed: plan.seed,
    replay: (scenario, trial, call) =>
      replayLine(options.replay.scenario(scenario), options.replay.words, trial, call),
    again: (scenario) => againLine(options.replay.scenario(scenario), options.replay.words),
    wallMs: (scenario, trial) => {
      const job = plan.jobs.find(
        (one) =>
          one.twin === null &&
          one.trial === trial &&
          plan.scenarios[one.scenario]?.scenario.name === scenario,
      );
      return (job && walls.get(job.index)) ?? 0;
    },
    wall: {
      started: started.toISOString(),
      ms: Date.now() - started.getTime(),
      workers,
      node: process.version,
    },
  };
  await joinParts(folder, jobs);
  const ordered = jobs.map((job) => scores.get(job.index) ?? scorePart(job.partFile));
  const report = makeReport(ordered, facts);
  writeReports(folder, report, [folder.path(historyName)]);
  folder.dropParts();
  return { report, done, total: jobs.length };
}

/** The command that brings one call back. */
export function replayLine(scenario: string, words: string, trial: number, call: number): string {
  return `firedrill replay ${scenario} ${words} --trial ${trial} --call ${call}`;
}

/** The command that runs a scenario again. */
export function againLine(scenario: string, words: string): string {
  return `firedrill run ${scenario} ${words}`;
}

function scorePart(file: string): TrialScores {
  const scoring = new TrialScoring();
  for (const event of readHistory(file)) scoring.event(event);
  return scoring.end();
}

/** All trials in the order of the plan, as one history. */
async function joinParts(folder: RunFolder, jobs: Job[]): Promise<void> {
  const file = folder.path(historyName);
  try {
    const descriptor = openSync(`${file}.partial`, 'w');
    for (const job of jobs) {
      for await (const chunk of createReadStream(job.partFile)) {
        for (let at = 0; at < chunk.length; ) at += writeSync(descriptor, chunk, at);
      }
    }
    closeSync(descriptor);
    renameSync(`${file}.partial`, file);
  } catch (error) {
    throw new HarnessError(`the history ${file} cannot be written: ${messageOf(error)}`);
  }
}
