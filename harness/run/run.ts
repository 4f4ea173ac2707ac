// A run: the plan's trials through the workers, then history, scores and reports into its folder.
// It owns the order of things and no policy: what a trial does is trial.ts, what it is worth is
// make-report.ts. Everything is written so that a kill at any point costs unfinished trials only.

import { rmSync } from 'node:fs';
import { basename, extname, sep } from 'node:path';
import { throughName } from '../adapters/through.ts';
import { wall } from '../clock/wall.ts';
import { clockText } from '../formats/figure-text.ts';
import type { LiveSetup } from '../live/live-setup.ts';
import { shown } from '../project.ts';
import type { Spent } from '../recordings/budget.ts';
import type { Report } from '../report.ts';
import { readFinished } from './finished-trial.ts';
import { joinParts } from './join-parts.ts';
import type { TrialScores } from './make-report.ts';
import { makeReport } from './make-report.ts';
import { packed } from './packed-scores.ts';
import type { Plan } from './plan.ts';
import { named } from './pool.ts';
import { replayWords } from './replay-words.ts';
import { reportAgain, reportOf } from './report-again.ts';
import type { RunFile, RunFolder } from './run-folder.ts';
import { historyName } from './run-folder.ts';
import { runJobs } from './run-jobs.ts';
import { finishSpun } from './spun-trial.ts';
import type { Job } from './worker-protocol.ts';
import { writeReports } from './write-reports.ts';

export interface RunOptions {
  plan: Plan;
  folder: RunFolder;
  workers: number;
  resume: boolean;
  cwd: string;
  /**
   * What to call a scenario, and the words behind it, in `firedrill replay`; `live`: those that
   * only `firedrill run` takes beside them.
   */
  replay: { scenario(name: string): string; words: string; live?: string };
  onProgress(done: number, total: number): void;
  /** What the chain prints. */
  onOutput?(text: string): void;
  /** One sentence on what a person should know and no report says. */
  onNote?(text: string): void;
  signal: AbortSignal;
  /** Real providers are asked, under these limits; absent: recordings answer. */
  live?: LiveSetup;
  onSpent?(spent: Spent): void;
  /** In which order trials are drilled; results do not depend on it. Default: as planned. */
  order?(jobs: Job[]): Job[];
  /** Wall ms without a sign of life after which a chain counts as spinning. */
  silenceMs?: number;
}

export interface RunResult {
  /** Null where the run was interrupted: finished trials are kept. */
  report: Report | null;
  done: number;
  total: number;
}

/** Runs what is not yet there. Throws HarnessError; finished trials are then kept too. */
export async function run(options: RunOptions): Promise<RunResult> {
  const { folder } = options;
  const startedMs = wall.nowMs();
  const file = folder.open(runFileOf(options), options.resume);
  try {
    return await runIn(options, file, startedMs);
  } finally {
    folder.release();
  }
}

async function runIn(options: RunOptions, file: RunFile, startedMs: number): Promise<RunResult> {
  const { plan, folder, signal } = options;
  const total = plan.jobs.length;
  if (folder.finished()) {
    const report = await reportAgain(folder);
    folder.dropParts();
    return { report, done: total, total };
  }
  const jobs = plan.jobs.map((job): Job => ({ ...job, partFile: folder.partFile(job.index) }));
  const scores = new Map<Job['index'], TrialScores>();
  const walls = new Map<string, number>();
  const open = jobs.flatMap((job) => {
    const there = isThere(options, job, scores);
    if (there === true) return [];
    return there === false ? job : { ...job, goesOn: true };
  });
  const workers = Math.max(1, Math.min(options.workers, open.length));
  await drill(options, open, workers, scores, walls);
  const done = folder.parts().length;
  if (signal.aborted) return { report: null, done, total };
  if ([...scores.values()].some(({ stopped }) => stopped)) {
    const before = { trials: [], wall: wallOf(file, startedMs, workers) };
    return { report: reportOf(folder, folder.parts(), before), done, total };
  }
  // Of an earlier, unfinished state of the run; with a whole history beside it, it would pass for
  // new.
  rmSync(folder.path('report.json'), { force: true });
  joinParts(
    jobs.map((job) => job.partFile),
    folder.path(historyName),
  );
  const ordered = jobs.flatMap((job) => scores.get(job.index) ?? readFinished(job.partFile) ?? []);
  const report = makeReport(ordered, {
    ...replayWords(file),
    seed: plan.seed,
    wallMs: (scenario, trial) => walls.get(`${scenario} ${trial}`) ?? 0,
    wall: wallOf(file, startedMs, workers),
  });
  writeReports(folder, report, [folder.path(historyName)]);
  folder.dropParts();
  return { report, done, total };
}

function wallOf({ started }: RunFile, startedMs: number, workers: number): Report['wall'] {
  const ms = Math.round(wall.nowMs() - startedMs);
  return { started, ms, workers, node: process.version };
}

function runFileOf({ plan, replay, cwd }: RunOptions): RunFile {
  return {
    version: 1,
    fingerprint: plan.fingerprint,
    chain: throughName(basename(plan.chainFile, extname(plan.chainFile)), plan.through),
    seed: plan.seed,
    trials: plan.trials,
    scenarios: Object.fromEntries(
      plan.scenarios.map(({ scenario: { name } }) => [name, replay.scenario(name)]),
    ),
    files: {
      chain: slashed(shown(plan.chainFile, cwd)),
      scenarios: Object.fromEntries(
        plan.scenarios.map(({ file, scenario: { name } }) => [name, slashed(file)]),
      ),
    },
    replay: replay.words,
    ...(replay.live === undefined ? {} : { live: replay.live }),
    ...(plan.shard ? { shard: plan.shard } : {}),
    started: new Date().toISOString(),
  };
}

/** As repositories name files, whatever the machine. */
function slashed(file: string): string {
  return file.split(sep).join('/');
}

/**
 * Whether the trial was finished before: read, not believed. A live one may have been stopped in
 * the middle.
 */
function isThere(
  { plan, folder, onNote }: RunOptions,
  job: Job,
  scores: Map<Job['index'], TrialScores>,
): boolean | 'stopped' {
  if (!folder.hasPart(job.index)) return false;
  const { name, trial, twin } = job;
  const found = readFinished(job.partFile, { scenario: name, trial, twin, seed: plan.seed });
  if (found?.stopped) return 'stopped';
  if (found) scores.set(job.index, packed(found));
  else {
    onNote?.(`${named(job)}: ${job.partFile} is damaged; the trial is drilled again`);
    rmSync(job.partFile);
  }
  return found !== null;
}

async function drill(
  options: RunOptions,
  open: Job[],
  workers: number,
  scores: Map<Job['index'], TrialScores>,
  walls: Map<string, number>,
): Promise<void> {
  const { plan, folder, cwd, signal, onNote, silenceMs, live, onSpent } = options;
  const total = plan.jobs.length;
  let done = total - open.length;
  options.onProgress(done, total);
  let isPaid = false;
  const pool = runJobs({
    plan,
    cwd,
    logs: folder.path('systems'),
    jobs: options.order?.(open) ?? open,
    workers,
    signal,
    ...(silenceMs === undefined ? {} : { silenceMs }),
    ...(live === undefined ? {} : { live }),
    onSpent: (spent) => {
      isPaid ||= spent.requests > 0;
      onSpent?.(spent);
    },
    ...(options.onOutput === undefined ? {} : { onOutput: options.onOutput }),
    onDone: (job, result) => {
      if (job.twin === null) walls.set(`${job.name} ${job.trial}`, result.wallMs);
      scores.set(job.index, packed(result.scores));
      options.onProgress(++done, total);
    },
    onSpin: (job, nowMs) => {
      const scenario = plan.scenarios[job.scenario]?.scenario;
      if (!scenario) throw new Error(`the plan has no scenario ${job.scenario}`);
      const at = finishSpun(job.partFile, nowMs, { scenario, cwd });
      onNote?.(
        `${named(job)}: the chain began to spin at ${clockText(at.atMs)}, call ${at.call} was the last to show life; every call that was open or came later counts as hung`,
      );
      options.onProgress(++done, total);
    },
  });
  await pool.catch((error: unknown) => {
    // What was paid for is not thrown away.
    if (!isPaid) folder.discard();
    throw error;
  });
}
