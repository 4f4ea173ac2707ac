// Writes every format of a run into its folder. Formats over calls are written as the history is
// joined, one call at a time.
import { closeSync, openSync, renameSync } from 'node:fs';
import { HarnessError, messageOf } from '../errors.ts';
import type { CallFormat, RowPlace } from '../formats/format.ts';
import { formats } from '../formats/index.ts';
import { kindsOf } from '../formats/report-rows.ts';
import type { HistoryEvent } from '../history.ts';
import { callsIn } from '../outcome/calls-in.ts';
import type { Report } from '../report.ts';
import { writeBytes } from '../whole-file.ts';
import { readHistory } from './history-file.ts';
import type { RunFolder } from './run-folder.ts';

/** report.json comes last: where it is, all the others are. */
export function writeReports(folder: RunFolder, report: Report, histories: string[]): void {
  const all = Object.values(formats);
  writeCallFormats(
    folder,
    all.filter((format) => format.kind === 'calls'),
    histories,
    answersByScenario(report),
  );
  const last = 'report.json';
  const reports = all.filter((format) => format.kind === 'report');
  for (const format of reports.sort((a, b) => Number(a.file === last) - Number(b.file === last))) {
    folder.write(format.file, format.render(report));
  }
}

type Answers = ReadonlyMap<string, RowPlace['answers']>;

function answersByScenario({ scenarios }: Report): Answers {
  return new Map(
    scenarios.map(({ scenario, recordings }) => [
      scenario,
      new Map(Object.entries(recordings).map(([target, { kinds }]) => [target, kindsOf(kinds)])),
    ]),
  );
}

function writeCallFormats(
  folder: RunFolder,
  callFormats: CallFormat[],
  histories: string[],
  answers: Answers,
): void {
  const sinks = callFormats.map((format) => new Sink(folder.path(format.file), format));
  for (const { trial, record } of callsIn(eventsOf(histories))) {
    const place = { ...trial, answers: answers.get(trial.scenario) ?? new Map() };
    for (const sink of sinks) sink.write(sink.format.rows(place, record));
  }
  for (const sink of sinks) sink.close();
}

function* eventsOf(histories: string[]): Generator<HistoryEvent> {
  for (const file of histories) yield* readHistory(file);
}

/** A file that gets its name when it is whole. */
class Sink {
  readonly format: CallFormat;
  readonly #file: string;
  readonly #descriptor: number;
  #text: string;

  constructor(file: string, format: CallFormat) {
    this.format = format;
    this.#file = file;
    this.#descriptor = this.#act(() => openSync(`${file}.partial`, 'w'));
    this.#text = format.header();
  }

  write(text: string): void {
    this.#text += text;
    if (this.#text.length > 256 * 1024) this.#flush();
  }

  close(): void {
    this.#flush();
    this.#act(() => {
      closeSync(this.#descriptor);
      renameSync(`${this.#file}.partial`, this.#file);
    });
  }

  #flush(): void {
    const bytes = Buffer.from(this.#text, 'utf8');
    this.#text = '';
    this.#act(() => writeBytes(this.#descriptor, bytes));
  }

  #act<T>(act: () => T): T {
    try {
      return act();
    } catch (error) {
      throw new HarnessError(`${this.#file} cannot be written: ${messageOf(error)}`);
    }
  }
}
