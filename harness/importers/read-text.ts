// Reads a file that a person names as input: text, of a size that fits in memory.
// Recordings and logged answers both come in through here, so that both refuse alike.
import { readFileSync, statSync } from 'node:fs';
import { InputError, messageOf } from '../errors.ts';

const LIMIT_BYTES = 50 * 1024 * 1024;

/** The text of a UTF-8 file of at most 50 MB, without its byte order mark; else an InputError. */
export function readText(file: string): string {
  const bytes = readBytes(file);
  if (bytes[0] === 0x1f && bytes[1] === 0x8b) {
    throw new InputError('is compressed: unpack it first (gunzip)', { file });
  }
  const nul = bytes.indexOf(0);
  if (nul !== -1) {
    throw new InputError(`is binary (a NUL byte at ${nul}): a UTF-8 text file is needed`, { file });
  }
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw new InputError('is not UTF-8 text: save it as UTF-8', { file });
  }
}

function readBytes(file: string): Uint8Array {
  try {
    const stat = statSync(file);
    if (!stat.isFile()) throw new InputError('is not a file', { file });
    if (stat.size > LIMIT_BYTES) throw tooLarge(file, stat.size);
    return readFileSync(file);
  } catch (error) {
    if (error instanceof InputError) throw error;
    throw new InputError(`cannot be read: ${messageOf(error)}`, { file });
  }
}

function tooLarge(file: string, bytes: number): InputError {
  const size = (bytes / 1024 / 1024).toFixed(1);
  return new InputError(`has ${size} MB, the limit is 50 MB: split it`, { file });
}
