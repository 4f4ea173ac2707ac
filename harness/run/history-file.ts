// Histories on disk: one JSON object a line. A trial is written under a `.partial` name and renamed
// when it is whole, so that whatever is found under its final name can be trusted after any crash.
import { closeSync, ftruncateSync, openSync, readSync, renameSync, rmSync } from 'node:fs';
import { HarnessError, InputError, messageOf } from '../errors.ts';
import type { HistoryEvent, Recorder } from '../history.ts';
import { writeBytes } from '../whole-file.ts';

const flushAt = 256 * 1024;

export interface HistoryWriter {
  record: Recorder;
  /** On disk by now. */
  bytes(): number;
  /** Writes what is left and gives the file its final name. */
  close(): void;
  /**
   * Lets go of the file under its first name, up to its last whole line: for whoever cannot write
   * any more.
   */
  leave(): void;
  /** Throws the file away. */
  discard(): void;
}

/** `unbuffered`: every event is on disk before the next is made. */
export function writeHistory(file: string, unbuffered = false): HistoryWriter {
  const partial = `${file}.partial`;
  const descriptor = attempt(file, () => openSync(partial, 'w'));
  let lines: string[] = [];
  let size = 0;
  let written = 0;
  const flush = (): void => {
    if (lines.length === 0) return;
    const bytes = Buffer.from(lines.join(''), 'utf8');
    lines = [];
    size = 0;
    attempt(file, () => writeBytes(descriptor, bytes));
    written += bytes.length;
  };
  const shut = (): void => {
    try {
      closeSync(descriptor);
    } catch {
      // It was closed before what went wrong.
    }
  };
  return {
    record(event) {
      const line = `${JSON.stringify(event)}\n`;
      lines.push(line);
      size += line.length;
      if (unbuffered || size >= flushAt) flush();
    },
    bytes: () => written,
    close() {
      flush();
      attempt(file, () => {
        closeSync(descriptor);
        renameSync(partial, file);
      });
    },
    leave() {
      attempt(file, () => ftruncateSync(descriptor, written));
      shut();
    },
    discard() {
      shut();
      rmSync(partial, { force: true });
    },
  };
}

/**
 * Every event of a history file, in order. Memory stays flat whatever the file's size. Throws
 * InputError with the line where a file was damaged.
 */
export function* readHistory(file: string): Generator<HistoryEvent> {
  let number = 0;
  for (const line of linesOf(file)) {
    number++;
    let event: HistoryEvent;
    try {
      event = JSON.parse(line);
    } catch {
      throw new InputError('is damaged: expected a JSON object, the run has to be drilled again', {
        file,
        line: number,
      });
    }
    yield event;
  }
}

/** The lines of a file from this byte on, which begins one; without their ends. */
export function* linesOf(file: string, from = 0): Generator<string> {
  const descriptor = openSync(file, 'r');
  const chunk = Buffer.alloc(flushAt);
  let rest: Buffer = Buffer.alloc(0);
  let at = from;
  try {
    for (;;) {
      const read = readSync(descriptor, chunk, 0, chunk.length, at);
      if (read === 0) break;
      at += read;
      const bytes = Buffer.concat([rest, chunk.subarray(0, read)]);
      const end = bytes.lastIndexOf(10);
      if (end >= 0) {
        for (const line of bytes.toString('utf8', 0, end).split('\n')) if (line) yield line;
      }
      rest = bytes.subarray(end + 1);
    }
    if (rest.length > 0) yield rest.toString('utf8');
  } finally {
    closeSync(descriptor);
  }
}

function attempt<T>(file: string, act: () => T): T {
  try {
    return act();
  } catch (error) {
    throw new HarnessError(`the history ${file} cannot be written: ${messageOf(error)}`);
  }
}
