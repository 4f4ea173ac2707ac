// What there is of a workload's recordings: by file whether it is sound, by target what is there,
// what is missing and what is stale. Nothing here is repaired or written.
import { existsSync } from 'node:fs';
import { InputError } from '../errors.ts';
import type { ExactRecording, JsonLine, Recording } from '../upstream/recording.ts';
import { bodyOf, jsonLines, recordingSchema } from '../upstream/recording.ts';
import { recordingDigest } from './recording-digest.ts';
import { isNamed, saidModel } from './said-model.ts';

export interface FileCheck {
  /** Absolute. */
  file: string;
  recordings: number;
  /** Of those of exact bytes, how many have a digest, all of which fit unless `flaws` says so. */
  digests: number;
  /** What is wrong with it, a sentence each; empty: nothing. */
  flaws: string[];
}

export interface TargetCheck {
  target: string;
  /** Whether the chain asks it; true for all where no chain was given. */
  isAsked: boolean;
  recordings: number;
  /** Of these, errors of the provider. */
  errors: number;
  /** `recorded`, `recorded-text`, `authored`, as they come. */
  kinds: string[];
  /** The earliest and the latest day, YYYY-MM-DD; null where none is known. */
  dates: { from: string; to: string } | null;
  /** Models that answers say they are of, and how many. */
  models: { model: string; recordings: number; isNamed: boolean }[];
  /** Samples without an answer of it. */
  missing: string[];
  /** Samples whose answer is older than asked, or of an unknown day. */
  stale: string[];
}

export interface RecordingsCheck {
  workload: string;
  samples: number;
  files: FileCheck[];
  targets: TargetCheck[];
}

export interface CheckInput {
  workload: string;
  samples: readonly string[];
  files: readonly string[];
  /** The targets of the chain; null: those that have recordings. */
  targets: readonly string[] | null;
  /** Days before this one (YYYY-MM-DD) are too old; null: none is. */
  notBefore: string | null;
}

export function checkRecordings(input: CheckInput): RecordingsCheck {
  const known = new Set(input.samples);
  const found: Recording[] = [];
  const files = input.files.map((file) => {
    const { check, recordings } = checkFile(file, known);
    found.push(...recordings);
    return check;
  });
  const byTarget = Map.groupBy(found, ({ target }) => target);
  const asked = input.targets ?? [...byTarget.keys()];
  const others = [...byTarget.keys()].filter((target) => !asked.includes(target));
  const checked = [...new Set([...asked, ...others])].map((target) =>
    checkTarget(target, byTarget.get(target) ?? [], asked.includes(target), input),
  );
  return { workload: input.workload, samples: known.size, files, targets: checked };
}

function checkFile(
  file: string,
  samples: ReadonlySet<string>,
): { check: FileCheck; recordings: Recording[] } {
  const recordings: Recording[] = [];
  const flaws: string[] = existsSync(file) ? [] : ['is not there'];
  let digests = 0;
  for (const read of linesOf(file)) {
    if (read instanceof InputError) {
      flaws.push(read.message.replace(`${file}:`, 'line ').replace(/^line {2}/, ''));
      continue;
    }
    const recording = read.value;
    recordings.push(recording);
    const flaw = flawOf(recording, samples);
    if (flaw !== null) flaws.push(`line ${read.line} (${nameOf(recording)}): ${flaw}`);
    if (recording.kind === 'recorded' && recording.digest !== undefined) digests++;
  }
  return { check: { file, recordings: recordings.length, digests, flaws }, recordings };
}

/** What is wrong with a line hides no other. */
function* linesOf(file: string): Generator<JsonLine<Recording> | InputError> {
  if (!existsSync(file)) return;
  try {
    yield* jsonLines(file, recordingSchema);
  } catch (error) {
    if (!(error instanceof InputError)) throw error;
    yield error;
  }
}

function nameOf({ target, sample }: Recording): string {
  return `${target}, ${sample}`;
}

function flawOf(recording: Recording, samples: ReadonlySet<string>): string | null {
  if (!samples.has(recording.sample)) return 'answers a sample that the workload does not have';
  const { date } = recording;
  if (date !== undefined && !isDay(date)) {
    return `date: expected a day like 2026-03-31, not ${JSON.stringify(date)}`;
  }
  return recording.kind === 'recorded' ? exactFlaw(recording) : null;
}

function exactFlaw(recording: ExactRecording): string | null {
  const { source, date, digest, exchange } = recording;
  if (source === undefined && date === undefined) {
    return 'says neither where it comes from (source) nor when (date)';
  }
  const sum = exchange.chunks?.reduce((total, { bytes }) => total + bytes, 0);
  const length = bodyOf(recording).length;
  if (sum !== undefined && sum !== length) {
    return `its chunks have ${sum} bytes together, its body has ${length}`;
  }
  if (digest === undefined || digest === recordingDigest(recording)) return null;
  return 'was changed after it was recorded: its digest is of another exchange';
}

function isDay(text: string): boolean {
  return /^\d{4}-\d\d-\d\d$/.test(text) && !Number.isNaN(Date.parse(text));
}

function checkTarget(
  target: string,
  recordings: readonly Recording[],
  isAsked: boolean,
  { samples, notBefore }: CheckInput,
): TargetCheck {
  const known = recordings.filter(({ sample }) => samples.includes(sample));
  const answered = new Set(known.map(({ sample }) => sample));
  const exact = known.filter((one) => one.kind === 'recorded');
  const said = Map.groupBy(
    exact.flatMap((one) => saidModel(one) ?? []),
    (model) => model,
  );
  const days = known.flatMap(({ date }) => date ?? []).sort();
  const [from] = days;
  const to = days.at(-1);
  const old = known.filter(({ date }) => notBefore !== null && (date ?? '') < notBefore);
  return {
    target,
    isAsked,
    recordings: known.length,
    errors: exact.filter(({ exchange }) => exchange.status >= 400).length,
    kinds: [...new Set(known.map(({ kind }) => kind))].sort(),
    dates: from !== undefined && to !== undefined ? { from, to } : null,
    models: [...said].map(([model, all]) => {
      return { model, recordings: all.length, isNamed: isNamed(target, model) };
    }),
    missing: isAsked ? samples.filter((sample) => !answered.has(sample)) : [],
    stale: [...new Set(old.map(({ sample }) => sample))],
  };
}
