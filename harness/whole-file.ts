// Files that commands leave beside a run's.
import { mkdirSync, renameSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { HarnessError, messageOf } from './errors.ts';

/** Whole or not at all. Makes the folder; throws HarnessError. */
export function writeWhole(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(`${file}.partial`, text);
    renameSync(`${file}.partial`, file);
  } catch (error) {
    throw new HarnessError(`${file} cannot be written: ${messageOf(error)}`);
  }
}
