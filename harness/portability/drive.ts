// The trials of `portability`: first whom the chain asks when nothing answers, then each of those
// with all others out of reach. Everything runs in workers; what comes out are files.
import { mkdirSync, rmSync } from 'node:fs';
import { resolve } from 'node:path';
import { HarnessError, InputError } from '../errors.ts';
import type { PoolOptions } from '../run/pool.ts';
import { runPool } from '../run/pool.ts';
import type { Job } from '../run/worker-protocol.ts';
import type { Workload } from '../workloads/workload.ts';
import { readAsking } from './read-trial.ts';
import type { Way } from './steering.ts';
import { allOut, othersOut, wayNames } from './steering.ts';

export interface DriveOptions {
  chainFile: string;
  targetsFiles: string[];
  workload: Workload;
  /** What finds the workload from `cwd`. */
  workloadName: string;
  cwd: string;
  seed: number;
  workers: number;
  /** A folder of its own for histories and requests. */
  dir: string;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
  onOutput?(text: string): void;
  silenceMs?: number;
}

export type Standing = 'asked' | 'never-asked' | 'no-recordings';

/** One target of the chain, and where its trial is. */
export interface Driven {
  target: string;
  standing: Standing;
  /** Null where it had no trial. */
  files: { history: string; requests: string } | null;
}

/** The primary first, then as the chain declares or asks them. Null where it was interrupted. */
export async function drive(options: DriveOptions): Promise<Driven[] | null> {
  mkdirSync(options.dir, { recursive: true });
  const found = await discover(options);
  if (found === null) return null;
  const driven = found.map(({ target, way }, index): Driven & { way: Way | null } => {
    const standing = standingOf(options.workload, target, way);
    const files = standing === 'asked' ? filesOf(options, `target-${index}`) : null;
    return { target, way, standing, files };
  });
  const [primary] = driven;
  if (primary && primary.standing === 'no-recordings') throw unrecorded(options, primary.target);
  const jobs = driven.flatMap(({ target, way, files }) => {
    if (!files || way === null) return [];
    const others = driven.flatMap((other) => (other.target === target ? [] : other.target));
    const text = othersOut(options.workloadName, others, way);
    return { name: `only ${target} in reach`, text, files, answeredBy: target };
  });
  const whole = await runAll(options, jobs);
  return whole ? driven.map(({ way: _, ...one }) => one) : null;
}

interface Found {
  target: string;
  /** In which way others have to be out of reach, so that it is asked; null: in none. */
  way: Way | null;
}

async function discover(options: DriveOptions): Promise<Found[] | null> {
  const jobs = wayNames.map((way) => ({
    name: `no target in reach (${way})`,
    text: allOut(options.workloadName, way),
    files: filesOf(options, `nobody-${way}`),
  }));
  if (!(await runAll(options, jobs))) return null;
  const askings = jobs.map(({ files }) => readAsking(files.history));
  const names = new Set(askings.map(({ primary }) => primary));
  for (const { declared } of askings) for (const target of declared) names.add(target);
  for (const { asked } of askings) for (const target of asked) names.add(target);
  return [...names].map((target) => {
    const way = wayNames.find((_, index) => askings[index]?.asked.includes(target)) ?? null;
    return { target, way };
  });
}

function standingOf({ recordings }: Workload, target: string, way: Way | null): Standing {
  if (way === null) return 'never-asked';
  return recordings.some((one) => one.target === target) ? 'asked' : 'no-recordings';
}

function unrecorded({ workload }: DriveOptions, primary: string): InputError {
  const targets = [...new Set(workload.recordings.map(({ target }) => target))].sort();
  return new InputError(
    `the chain's primary is ${primary}, of which the workload ${workload.name} has no recording: import its answers, or give a --workload that has them (recorded there: ${targets.join(', ')})`,
  );
}

function filesOf({ dir }: DriveOptions, name: string): { history: string; requests: string } {
  const history = resolve(dir, `${name}.jsonl`);
  return { history, requests: resolve(dir, `${name}.requests.jsonl`) };
}

interface Wanted {
  name: string;
  /** Of the scenario. */
  text: string;
  files: { history: string; requests: string };
  answeredBy?: string;
}

/** Resolves to false where it was interrupted. */
async function runAll(options: DriveOptions, wanted: Wanted[]): Promise<boolean> {
  const { chainFile, targetsFiles, cwd, seed, workers, signal, onOutput, silenceMs } = options;
  const jobs = wanted.map(
    ({ name, files, answeredBy }, index): Job => ({
      index,
      name,
      scenario: index,
      trial: 1,
      twin: null,
      partFile: files.history,
      watch: {
        requestsFile: files.requests,
        ...(answeredBy === undefined ? {} : { answeredBy }),
      },
    }),
  );
  let done = 0;
  const pool: PoolOptions = {
    setup: {
      chainFile,
      floor: false,
      targetsFiles,
      cwd,
      seed,
      scenarios: wanted.map(({ text }) => ({ file: 'portability', text })),
    },
    jobs,
    workers,
    signal,
    onDone: () => options.onProgress(++done, jobs.length),
    onSpin: () => {
      throw new HarnessError('the chain spins: it never gives back control');
    },
    ...(onOutput ? { onOutput } : {}),
    ...(silenceMs === undefined ? {} : { silenceMs }),
  };
  options.onProgress(0, jobs.length);
  await runPool(pool);
  return !signal.aborted;
}

/** What the trials left; reports have all that is worth keeping of it. */
export function dropTrials(dir: string): void {
  rmSync(dir, { recursive: true, force: true });
}
