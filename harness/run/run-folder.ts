// The folder of a run: what it was started with, its finished trials, its history, its reports. All
// files get their names only when they are whole; a run that was killed can be read and resumed.
import { createHash } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { HarnessError, InputError, messageOf } from '../errors.ts';
import { parsed } from '../parsed-json.ts';
import { lockName, takeLock } from './run-lock.ts';
import type { Shard } from './shard.ts';
import { shardText } from './shard.ts';

const runFile = z.strictObject({
  version: z.literal(1),
  fingerprint: z.string(),
  chain: z.string(),
  seed: z.number(),
  trials: z.number(),
  /** Names of the scenarios, and the words by which each is found again. */
  scenarios: z.record(z.string(), z.string()),
  /** Of the chain and of each scenario, from where the run was started, with `/`. */
  files: z
    .strictObject({ chain: z.string().nullable(), scenarios: z.record(z.string(), z.string()) })
    .prefault({ chain: null, scenarios: {} }),
  /** The words behind the scenario in `firedrill replay`. */
  replay: z.string(),
  /** Those that only `firedrill run` takes beside them, of a live run. */
  live: z.string().optional(),
  /** Which part of the run's trials it has; absent: all. */
  shard: z.strictObject({ index: z.number(), of: z.number() }).optional(),
  started: z.string(),
});

export type RunFile = z.infer<typeof runFile>;

export const partsFolder = 'parts';
export const historyName = 'history.jsonl';

export class RunFolder {
  readonly dir: string;
  /** The first folder on the way that this run has made; null where it has made none. */
  #made: string | null = null;
  #locked = false;

  constructor(dir: string) {
    this.dir = dir;
  }

  /** Starts a new run, or goes on with one of the same fingerprint. Returns what it holds. */
  open(wanted: RunFile, resume: boolean): RunFile {
    const found = this.read();
    if (!found) {
      if (resume) throw new InputError(`there is no run to resume in ${this.dir}`);
      this.#act(() => {
        this.#made = makeFolders(this.path(partsFolder));
      });
      this.#lock();
      this.write('run.json', `${JSON.stringify(wanted, null, 2)}\n`);
      return wanted;
    }
    if (!resume) {
      throw new InputError(
        `${this.dir} holds a run already: go on with --resume, or give another --out`,
      );
    }
    if (found.fingerprint !== wanted.fingerprint) {
      throw new InputError(
        `${this.dir} holds a run of other input (chain, scenarios, workloads, targets, seed, trials, --live, --calls or firedrill itself have changed): it cannot be resumed`,
      );
    }
    if (!isSameShard(found, wanted)) {
      const [has, asked] = [found, wanted].map(({ shard }) => (shard ? shardText(shard) : 'all'));
      throw new InputError(
        `${this.dir} holds shard ${has} of the run: it cannot be resumed as ${asked}`,
      );
    }
    this.#lock();
    this.#act(() => makeFolders(this.path(partsFolder)));
    return found;
  }

  #lock(): void {
    this.#act(() => takeLock(this.path(lockName)));
    this.#locked = true;
  }

  /** Lets another process go on with the run. */
  release(): void {
    if (this.#locked) rmSync(this.path(lockName), { force: true });
    this.#locked = false;
  }

  /** Takes back a new run that came to nothing. What was there before, or is whole, stays. */
  discard(): void {
    if (this.#made === null || this.parts().length > 0) return;
    this.dropParts();
    this.release();
    rmSync(this.path('run.json'), { force: true });
    for (let dir = this.path(partsFolder); dir !== this.#made; ) {
      dir = dirname(dir);
      if (!removedEmpty(dir)) break;
    }
    this.#made = null;
  }

  /** Null where the folder holds no run. */
  read(): RunFile | null {
    const file = this.path('run.json');
    if (!existsSync(file)) return null;
    const read = runFile.safeParse(parsed(readFileSync(file, 'utf8')));
    if (!read.success) throw new InputError('is not the run.json of a run', { file });
    return read.data;
  }

  path(name: string): string {
    return resolve(this.dir, name);
  }

  partFile(index: number): string {
    return this.path(`${partsFolder}/${String(index).padStart(6, '0')}.jsonl`);
  }

  hasPart(index: number): boolean {
    return existsSync(this.partFile(index));
  }

  /** The part files of finished trials, in the order of the plan. */
  parts(): string[] {
    const folder = this.path(partsFolder);
    if (!existsSync(folder)) return [];
    return readdirSync(folder)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .map((name) => resolve(folder, name));
  }

  finished(): boolean {
    return existsSync(this.path(historyName)) && existsSync(this.path('report.json'));
  }

  dropParts(): void {
    rmSync(this.path(partsFolder), { recursive: true, force: true });
  }

  /** Whole or not at all. */
  write(name: string, text: string | Uint8Array): void {
    const file = this.path(name);
    this.#act(() => {
      writeFileSync(`${file}.partial`, text);
      renameSync(`${file}.partial`, file);
    });
  }

  #act(act: () => void): void {
    try {
      act();
    } catch (error) {
      if (error instanceof InputError) throw error;
      throw new HarnessError(`${this.dir} cannot be written: ${messageOf(error)}`);
    }
  }
}

function isSameShard(a: { shard?: Shard | undefined }, b: { shard?: Shard | undefined }): boolean {
  return a.shard?.index === b.shard?.index && a.shard?.of === b.shard?.of;
}

/** A name for a run that was given none: its chain, its hour, and what tells it from its twin. */
export function runName(chain: string, started: Date, fingerprint: string): string {
  const stamp = started.toISOString().slice(0, 19).replaceAll(':', '').replace('T', '-');
  const tag = createHash('sha256').update(`${fingerprint}${started.getTime()}`).digest('hex');
  return `${stamp}-${chain}-${tag.slice(0, 4)}`;
}

/** The newest run in `reports` that has this fingerprint and shard, and is not finished. */
export function unfinishedRun(
  reports: string,
  wanted: { fingerprint: string; shard?: Shard | undefined },
): string | null {
  if (!existsSync(reports)) return null;
  const open = readdirSync(reports)
    .map((name) => resolve(reports, name))
    .filter((dir) => {
      const file = resolve(dir, 'run.json');
      if (!existsSync(file)) return false;
      // Folders of something else may lie beside runs.
      const read = runFile.safeParse(parsed(readFileSync(file, 'utf8')));
      if (read.data?.fingerprint !== wanted.fingerprint) return false;
      return isSameShard(read.data, wanted) && !new RunFolder(dir).finished();
    })
    .sort();
  return open.at(-1) ?? null;
}

/**
 * Level by level, because Node's own way never ends below /proc. Returns the first that was made;
 * null where all were there.
 */
function makeFolders(dir: string): string | null {
  if (existsSync(dir)) return null;
  const above = makeFolders(dirname(dir));
  mkdirSync(dir);
  return above ?? dir;
}

function removedEmpty(dir: string): boolean {
  try {
    rmdirSync(dir);
    return true;
  } catch {
    return false;
  }
}
