// Recordings as drills take them: those that claim to be a provider's own bytes are.
import { InputError } from '../errors.ts';
import type { Recording } from '../upstream/recording.ts';
import { readJsonLines, recordingSchema } from '../upstream/recording.ts';
import { recordingDigest } from './recording-digest.ts';

/** All recordings of a file, in order. Throws InputError with file and line. */
export function soundRecordings(file: string): Recording[] {
  return readJsonLines(file, recordingSchema).map(({ value, line }) => {
    const isChanged =
      value.kind === 'recorded' &&
      value.digest !== undefined &&
      value.digest !== recordingDigest(value);
    if (!isChanged) return value;
    throw new InputError(
      'digest: is of another exchange, so this one was changed after it was recorded: record it again, or leave out the digest and say in source what was changed',
      { file, line },
    );
  });
}
