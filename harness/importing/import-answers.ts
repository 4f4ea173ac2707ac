// The user's own logged answers -> a workload: every row is a real answer that a wire renders, with
// the score that somebody gave it. Only prompts that every target answered can be drilled through a
// fallback, so the others are left out unless the user wants them.
import { basename } from 'node:path';
import { InputError } from '../errors.ts';
import type { LoggedAnswer } from '../importers/answers.ts';
import { readAnswers } from '../importers/answers.ts';
import { quoted } from '../scenario/nearest.ts';
import type { TextRecording } from '../upstream/recording.ts';
import type { Targets } from '../upstream/targets.ts';
import type { Imported, ImportedSample } from './imported.ts';
import { counted, coverage } from './imported.ts';
import { hostOfProvider } from './provider-name.ts';
import { SampleIds } from './sample-ids.ts';

export interface AnswersOptions {
  path: string;
  /** The file's name in messages and in the workload. */
  shown: string;
  targets: Targets;
  /** Keeps prompts that only some of the targets answered. */
  partial: boolean;
}

/** Throws InputError, with file and line where one row is to blame. */
export function importAnswers(options: AnswersOptions): Imported {
  const rows = readAnswers(options.path);
  const ids = new SampleIds();
  const samples = new Map<string, ImportedSample>();
  const all = rows.map((row) => {
    const sample = sampleOf(row, ids);
    if (!samples.has(sample.id)) samples.set(sample.id, sample);
    return recordingOf(row, sample.id, basename(options.shown));
  });
  const covered = coverage(all);
  const answered = [...covered.values()];
  const isWhole = (id: string): boolean => answered.every((ids) => ids.has(id));
  const whole = new Set([...samples.keys()].filter(isWhole));
  const keepsAll = options.partial;
  if (!keepsAll && whole.size === 0) {
    throw new InputError(nothingLeft(samples, covered), { file: options.shown });
  }
  const recordings = keepsAll ? all : all.filter(({ sample }) => whole.has(sample));
  const left = all.length - recordings.length;
  const reason = 'not every target answered the prompt (--partial keeps them)';
  return {
    provenance: `logged answers of ${basename(options.shown)}`,
    samples: [...samples.values()].filter(({ id }) => keepsAll || whole.has(id)),
    recordings,
    errors: 0,
    hosts: hostsOf(recordings, options.targets),
    leftOut: counted(new Array<string>(left).fill(reason)),
  };
}

/** How many targets, and how many prompts of each, a message names. */
const named = 3;

/** What is missing, where leaving out what is not whole would leave nothing. */
function nothingLeft(
  samples: ReadonlyMap<string, ImportedSample>,
  covered: ReadonlyMap<string, ReadonlySet<string>>,
): string {
  const lacking = [...covered].map(([target, answered]) => {
    const open = [...samples.values()].filter(({ id }) => !answered.has(id));
    return `${target} has no answer to ${someOf(open.map(({ prompt }) => quoted(prompt)))}`;
  });
  return (
    `no prompt was answered by every target, so no drill could fall back: ${someOf(lacking, '; ')}; ` +
    'add these answers, or keep all prompts with --partial'
  );
}

function someOf(words: readonly string[], separator = ', '): string {
  const more = words.length > named ? [`and ${words.length - named} more`] : [];
  return [...words.slice(0, named), ...more].join(separator);
}

function sampleOf({ prompt, system }: LoggedAnswer, ids: SampleIds): ImportedSample {
  const key = JSON.stringify([system ?? null, prompt]);
  return { id: ids.idOf(key, prompt), system: system ?? null, prompt };
}

function recordingOf(row: LoggedAnswer, sample: string, file: string): TextRecording {
  return {
    kind: 'recorded-text',
    sample,
    target: row.target,
    source: `${file}:${row.line}`,
    ...(row.score === undefined ? {} : { score: row.score }),
    text: row.answer,
    finish: 'stop',
  };
}

/** A log names providers only: a host is known where everybody reaches the provider at one. */
function hostsOf(recordings: readonly TextRecording[], targets: Targets): Map<string, string> {
  const hosts = new Map<string, string>();
  const known = new Set(targets.providers());
  for (const { target } of recordings) {
    const provider = target.slice(0, target.indexOf('/'));
    const host = known.has(provider) ? null : hostOfProvider(provider);
    if (host) hosts.set(host, provider);
  }
  return hosts;
}
