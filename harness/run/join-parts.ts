// All trials of a run, in the order of the plan, as one history. The file gets its name when it is
// whole.
import { closeSync, openSync, readSync, renameSync, writeSync } from 'node:fs';
import { HarnessError, messageOf } from '../errors.ts';

/** Memory stays flat whatever the size of the parts. Throws HarnessError. */
export function joinParts(parts: string[], file: string): void {
  const chunk = Buffer.alloc(1024 * 1024);
  try {
    const whole = openSync(`${file}.partial`, 'w');
    try {
      for (const part of parts) append(part, whole, chunk);
    } finally {
      closeSync(whole);
    }
    renameSync(`${file}.partial`, file);
  } catch (error) {
    throw new HarnessError(`the history ${file} cannot be written: ${messageOf(error)}`);
  }
}

function append(part: string, whole: number, chunk: Buffer): void {
  const source = openSync(part, 'r');
  try {
    for (;;) {
      const read = readSync(source, chunk, 0, chunk.length, null);
      if (read === 0) return;
      for (let at = 0; at < read; ) at += writeSync(whole, chunk, at, read - at);
    }
  } finally {
    closeSync(source);
  }
}
