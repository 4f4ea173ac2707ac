// The lock of a run's folder: who writes in it now. A process that was killed leaves its lock
// behind; what is left of a process that no longer lives holds nobody up.
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { InputError } from '../errors.ts';

export const lockName = 'run.lock';

/** Throws InputError while another process holds the lock. */
export function takeLock(file: string): void {
  if (taken(file)) return;
  const holder = holderOf(file);
  if (holder !== null) {
    throw new InputError(
      `the run is still going on in process ${holder}: wait for its end, or end it (if that is another program by now, remove ${file})`,
    );
  }
  rmSync(file, { force: true });
  if (!taken(file)) throw new InputError(`${file} was taken by another process just now`);
}

/**
 * Holds the lock beside a file that is written to, in a folder that may have to be made, and is
 * taken away again if nothing came into it. Rejects with InputError while another holds it.
 */
export async function withLockBeside<T>(file: string, work: () => Promise<T>): Promise<T> {
  const lock = `${file}.lock`;
  const made = mkdirSync(dirname(file), { recursive: true });
  takeLock(lock);
  try {
    return await work();
  } finally {
    rmSync(lock, { force: true });
    if (made !== undefined) removeEmpty(dirname(file), made);
  }
}

/** From the inmost folder to the outmost. What cannot be taken away stays, and is no failure. */
function removeEmpty(inmost: string, outmost: string): void {
  try {
    for (let folder = inmost; ; folder = dirname(folder)) {
      rmdirSync(folder);
      if (folder === outmost) return;
    }
  } catch {
    // Something came into it, or it is another's by now.
  }
}

function taken(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** The process that holds it; null where none does that lives, and for this one. */
function holderOf(file: string): number | null {
  const pid = Number(readFileSync(file, 'utf8'));
  if (!Number.isSafeInteger(pid) || pid <= 0 || pid === process.pid) return null;
  try {
    process.kill(pid, 0);
    return pid;
  } catch (error) {
    return codeOf(error) === 'ESRCH' ? null : pid;
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error ? Reflect.get(error, 'code') : undefined;
}
