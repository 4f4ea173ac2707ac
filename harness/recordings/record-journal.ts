// What happened while recording, line by line, each on the disk before anything else happens: who
// was asked is written before the request leaves. Whoever is killed leaves at most a torn last
// line, and a request that was sent and never settled is known as such.
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync } from 'node:fs';
import { z } from 'zod';
import { HarnessError, InputError, messageOf } from '../errors.ts';
import type { Recording } from '../upstream/recording.ts';
import { recordingSchema } from '../upstream/recording.ts';
import { writeBytes, writeWhole } from '../whole-file.ts';

const question = z.strictObject({
  id: z.string(),
  system: z.string().nullable(),
  prompt: z.string(),
});

const line = z.discriminatedUnion('e', [
  z.strictObject({ e: z.literal('sent'), key: z.string(), turn: z.number().int() }),
  z.strictObject({ e: z.literal('failed'), key: z.string(), turn: z.number().int() }),
  z.strictObject({
    e: z.literal('kept'),
    key: z.string(),
    turn: z.number().int(),
    recording: recordingSchema,
    /** Whether nothing follows on it: a session may have further turns. */
    last: z.boolean(),
    /** The sample that was made of the request, where no workload had it before. */
    question: question.optional(),
  }),
]);

export type JournalLine = z.infer<typeof line>;

/** What a journal says of one session. */
export interface Begun {
  kept: Recording[];
  questions: z.infer<typeof question>[];
  isDone: boolean;
  /** A request was sent, and nobody knows what became of it. */
  isOpen: boolean;
}

export class RecordJournal {
  readonly file: string;
  readonly begun = new Map<string, Begun>();
  #lines: JournalLine[];
  #handle: number | null = null;

  /** Throws InputError where the file is something else. */
  constructor(file: string) {
    this.file = file;
    this.#lines = readLines(file);
    for (const one of this.#lines) this.#follow(one);
  }

  write(one: JournalLine): void {
    this.#handle ??= openSync(this.file, 'a');
    try {
      writeBytes(this.#handle, Buffer.from(`${JSON.stringify(one)}\n`));
      fsyncSync(this.#handle);
    } catch (error) {
      throw new HarnessError(`${this.file} cannot be written: ${messageOf(error)}`);
    }
    this.#lines.push(one);
    this.#follow(one);
  }

  /** Forgets sessions, whole: those that are kept elsewhere, or are to begin anew. */
  forget(isGone: (key: string, begun: Begun) => boolean): void {
    for (const [key, begun] of this.begun) if (isGone(key, begun)) this.begun.delete(key);
    this.#lines = this.#lines.filter(({ key }) => this.begun.has(key));
    this.close();
    if (this.#lines.length === 0) rmSync(this.file, { force: true });
    else writeWhole(this.file, this.#lines.map((one) => `${JSON.stringify(one)}\n`).join(''));
  }

  close(): void {
    if (this.#handle !== null) closeSync(this.#handle);
    this.#handle = null;
  }

  #follow(one: JournalLine): void {
    const begun = this.begun.get(one.key) ?? nothing();
    this.begun.set(one.key, begun);
    begun.isOpen = one.e === 'sent';
    if (one.e !== 'kept') return;
    begun.kept.push(one.recording);
    if (one.question) begun.questions.push(one.question);
    begun.isDone = one.last;
  }
}

function nothing(): Begun {
  return { kept: [], questions: [], isDone: false, isOpen: false };
}

function readLines(file: string): JournalLine[] {
  if (!existsSync(file)) return [];
  const texts = readFileSync(file, 'utf8').split('\n');
  // What stands behind the last line feed was torn off: nothing followed on it.
  return texts.slice(0, -1).map((text, index) => {
    try {
      return line.parse(JSON.parse(text));
    } catch {
      const how = 'is no line of a journal of recordings: move the file away to begin anew';
      throw new InputError(how, { file, line: index + 1 });
    }
  });
}
