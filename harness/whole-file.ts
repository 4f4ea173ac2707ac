// Writing files so that nothing is half there: whole files that commands leave, and all of the
// bytes that are added to an open one.
import { mkdirSync, renameSync, writeFileSync, writeSync } from 'node:fs';
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

/** All of them: the system may take fewer at a time. Throws what the system says. */
export function writeBytes(descriptor: number, bytes: Uint8Array): void {
  for (let at = 0; at < bytes.length; ) at += writeSync(descriptor, bytes, at);
}
