// The lock of a run's folder: who writes in it now. A process that was killed leaves its lock
// behind; what is left of a process that no longer lives holds nobody up.
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
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
