// What a recording proxy keeps: a journal that has every answer before the app has its end, and
// from it the recordings and the workload that drills read, which are only ever replaced whole.
import { existsSync, readFileSync } from 'node:fs';
import { isSeq, parseDocument } from 'yaml';
import { InputError } from '../errors.ts';
import { workloadText } from '../importing/import-files.ts';
import type { ImportedSample } from '../importing/imported.ts';
import { shown } from '../project.ts';
import { readText } from '../scenario/yaml-file.ts';
import type { ExactRecording, Recording } from '../upstream/recording.ts';
import { readRecordings } from '../upstream/recording.ts';
import { writeWhole } from '../whole-file.ts';
import { readAskedWorkload } from '../workloads/yaml-workload.ts';
import { RecordJournal } from './record-journal.ts';
import { proxyRecorder } from './recorder.ts';

export interface TrafficPlace {
  /** Of the workload and of its recordings. */
  name: string;
  /** Absolute. */
  file: string;
  /** Absolute; null: another one has the samples, and nothing is added to it. */
  workloadFile: string | null;
  cwd: string;
  /** Whether answers are looked up: they are in memory then. */
  looksUp: boolean;
}

/** So many answers wait in the journal, or a share of what is there: the file is written whole. */
const fewest = 100;
const share = 4;

export class TrafficStore {
  /** Requests of an earlier command of which nobody knows what became: they may have been paid. */
  readonly unfinished: number;
  readonly #place: TrafficPlace;
  readonly #journal: RecordJournal;
  /** By id. */
  readonly #samples: Set<string>;
  /** First answers by the hash of what was asked. */
  readonly #answers = new Map<string, ExactRecording>();
  #there: number;
  #waiting = 0;
  #lines = 0;
  #requests = 0;

  /** Puts into the files what a command that was killed has left. Throws InputError. */
  constructor(place: TrafficPlace) {
    this.#place = place;
    this.#samples = samplesThere(place);
    const there = recordingsThere(place);
    this.#journal = new RecordJournal(`${place.file}.journal`);
    const left = [...this.#journal.begun.values()];
    this.unfinished = left.filter(({ isOpen }) => isOpen).length;
    for (const { questions } of left) for (const { id } of questions) this.#samples.add(id);
    const found = left.flatMap(({ kept }) => kept);
    for (const one of [...there, ...found]) this.#learn(one);
    this.#there = there.length + found.length;
    this.fold();
    this.#journal.forget(() => true);
  }

  /** How many recordings there are. */
  get recordings(): number {
    return this.#there;
  }

  /** Of the first answer that was kept to what was asked; null: none. */
  answer(asked: string): ExactRecording | null {
    return this.#answers.get(asked) ?? null;
  }

  /** A request is about to leave; the key by which its end is told. */
  sent(asked: string): string {
    const key = JSON.stringify([asked, ++this.#requests]);
    this.#journal.write({ e: 'sent', key, turn: 1 });
    return key;
  }

  failed(key: string): void {
    this.#journal.write({ e: 'failed', key, turn: 1 });
    this.#lines++;
    if (this.#lines >= fewest * share) this.fold();
  }

  /** `question`: the sample that was made of it, if one was. */
  kept(key: string, recording: Recording, question: ImportedSample | null): void {
    const isNew = question !== null && !this.#samples.has(question.id);
    const more = isNew ? { question } : {};
    this.#journal.write({
      e: 'kept',
      key,
      turn: recording.turn ?? 1,
      recording,
      last: true,
      ...more,
    });
    if (isNew) this.#samples.add(question.id);
    this.#learn(recording);
    this.#there++;
    this.#waiting++;
    if (this.#waiting >= Math.max(fewest, this.#there / share)) this.fold();
  }

  /** Puts into the files what the journal has. The samples first: no answer is without its own. */
  fold(): void {
    const { file } = this.#place;
    const whole = [...this.#journal.begun.values()].filter(({ isDone }) => isDone);
    this.#addSamples(whole.flatMap(({ questions }) => questions));
    const block = whole
      .flatMap(({ kept }) => kept.map((one) => `${JSON.stringify(one)}\n`))
      .join('');
    const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
    const ended = before === '' || before.endsWith('\n') ? before : `${before}\n`;
    // A kill may have come when the file was written and the journal was not.
    if (block !== '' && !before.endsWith(block)) writeWhole(file, ended + block);
    this.#journal.forget((_, { isOpen }) => !isOpen);
    this.#waiting = 0;
    this.#lines = 0;
  }

  close(): void {
    this.fold();
    this.#journal.close();
  }

  #learn(one: Recording): void {
    if (!this.#place.looksUp || one.kind !== 'recorded' || one.asked === undefined) return;
    if (one.exchange.status < 400 && !this.#answers.has(one.asked)) {
      this.#answers.set(one.asked, one);
    }
  }

  #addSamples(questions: readonly ImportedSample[]): void {
    const { workloadFile, name, file } = this.#place;
    if (workloadFile === null || questions.length === 0) return;
    if (!existsSync(workloadFile)) {
      // A workload that names no file could not be read.
      if (!existsSync(file)) writeWhole(file, '');
      const provenance = `recorded: what passed through ${proxyRecorder}`;
      writeWhole(workloadFile, workloadText(name, { provenance, samples: [...questions] }));
      return;
    }
    const document = parseDocument(readText(workloadFile));
    const samples = document.get('samples');
    if (document.errors.length > 0 || !isSeq(samples)) {
      throw new InputError('its "samples" is no list, so no question can be added to it', {
        file: workloadFile,
      });
    }
    const ids = new Set(readAskedWorkload(workloadFile).samples.map(({ id }) => id));
    const added = questions.filter(({ id }) => !ids.has(id));
    if (added.length === 0) return;
    for (const { id, system, prompt } of added) {
      samples.add(document.createNode({ id, ...(system === null ? {} : { system }), prompt }));
    }
    writeWhole(workloadFile, document.toString({ lineWidth: 0 }));
  }
}

/** Throws InputError for a workload that has its answers elsewhere. */
function samplesThere({ workloadFile, file, cwd }: TrafficPlace): Set<string> {
  if (workloadFile === null || !existsSync(workloadFile)) return new Set();
  const { files, samples } = readAskedWorkload(workloadFile);
  if (files.length === 1 && files[0] === file) return new Set(samples.map(({ id }) => id));
  throw new InputError('has other recordings: give --record another name', {
    file: shown(workloadFile, cwd),
  });
}

/** Throws InputError for recordings of somebody else. */
function recordingsThere({ file, cwd }: TrafficPlace): Recording[] {
  if (!existsSync(file)) return [];
  const there = readRecordings(file);
  if (there.every(({ source = '' }) => source.startsWith(proxyRecorder))) return there;
  throw new InputError('holds other recordings: give --record another name', {
    file: shown(file, cwd),
  });
}
