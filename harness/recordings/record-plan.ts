// Who is to be asked what: every sample of a workload by every target of a chain, less what is
// there already for the very same question.
import { createHash } from 'node:crypto';
import type { ReferenceSettings, TargetSettings } from '../chains/settings.ts';
import type { Recording } from '../upstream/recording.ts';
import type { Sample } from '../workloads/workload.ts';

/** One sample, to be asked of one target once; in turns, where it has tools. */
export interface RecordJob {
  /** The same for the same question, sample, target and draw. */
  key: string;
  sample: Sample;
  target: TargetSettings;
  /** SHA-256 of all that is asked. */
  asked: string;
  stream: boolean;
  maxTokens: number;
}

export interface RecordPlan {
  jobs: RecordJob[];
  /** Recordings that are there and fit. */
  done: number;
  /** Jobs that take the place of an answer to another question. */
  changed: number;
  /** Jobs that are left alone: their request was sent, and nobody knows what became of it. */
  unfinished: number;
}

/** How the ticket of a call stands in a prompt; no answer depends on it. */
const ticket = '5000000';

export function promptOf({ prompt }: Sample): string {
  return prompt.replaceAll('{{ticket}}', ticket);
}

/** `times`: how many recordings there shall be of each; `open`: keys that are not to be asked. */
export function planRecording(
  samples: readonly Sample[],
  { targets, stream, maxTokens }: Pick<ReferenceSettings, 'targets' | 'stream' | 'maxTokens'>,
  there: readonly Recording[],
  times: number,
  open: readonly string[],
): RecordPlan {
  const plan: RecordPlan = { jobs: [], done: 0, changed: 0, unfinished: 0 };
  // Recordings are by name: a second region is drilled with the answers of the first.
  const named = new Map(targets.toReversed().map((target) => [target.name, target]));
  const byPlace = Map.groupBy(there, ({ sample, target }) => `${sample}\n${target}`);
  for (const sample of samples) {
    for (const target of [...named.values()].reverse()) {
      const asked = askedHash(sample, target, stream, maxTokens);
      const own = byPlace.get(`${sample.id}\n${target.name}`) ?? [];
      const first = own.filter(({ turn = 1 }) => turn === 1);
      const fits = first.filter((one) => one.asked === asked).length;
      plan.done += Math.min(fits, times);
      if (fits === 0 && first.length > 0) plan.changed++;
      const keyOf = (draw: number): string => keyText(sample.id, target.name, asked, draw);
      const left = open.filter((key) => key.startsWith(keyOf(0).replace(/0\]$/, '')));
      const lacks = Math.max(0, times - fits);
      plan.unfinished += Math.min(lacks, left.length);
      const draws = Array.from({ length: lacks + left.length }, (_, n) => keyOf(fits + n));
      const free = draws.filter((key) => !open.includes(key));
      for (const key of free.slice(0, Math.max(0, lacks - left.length))) {
        plan.jobs.push({ key, sample, target, asked, stream, maxTokens });
      }
    }
  }
  return plan;
}

function keyText(sample: string, target: string, asked: string, draw: number): string {
  return JSON.stringify([sample, target, asked, draw]);
}

function askedHash(
  sample: Sample,
  { wire, model, baseURL }: TargetSettings,
  stream: boolean,
  maxTokens: number,
): string {
  const { host } = new URL(baseURL);
  const { system, schema, tools = [] } = sample;
  const asked = [wire, model, host, stream, maxTokens, system, promptOf(sample), schema, tools];
  return createHash('sha256').update(JSON.stringify(asked)).digest('hex');
}

/**
 * Whether the answer to a job is in a file already: a kill may come before the journal knows it.
 */
function isThere(key: string, there: readonly Recording[]): boolean {
  const [sample, target, asked, draw]: unknown[] = JSON.parse(key);
  const same = there.filter(
    (one) =>
      one.sample === sample &&
      one.target === target &&
      one.asked === asked &&
      (one.turn ?? 1) === 1,
  );
  return same.length > Number(draw);
}

/**
 * What the file holds afterwards: in the order of the samples and of `targets`; where there are new
 * answers (by the keys of their jobs), those to another question go, and those to a sample that is
 * gone.
 */
export function mergedRecordings(
  samples: readonly Sample[],
  targets: readonly { name: string }[],
  there: readonly Recording[],
  answered: ReadonlyMap<string, readonly Recording[]>,
): Recording[] {
  const place = ({ sample, target }: Recording): string => `${sample}\n${target}`;
  const added = [...answered].flatMap(([key, own]) => (isThere(key, there) ? [] : own));
  const replaced = Map.groupBy(added, place);
  const kept = there.filter((one) => {
    const [newest] = replaced.get(place(one)) ?? [];
    return newest === undefined || newest.asked === one.asked;
  });
  const bySample = Map.groupBy([...kept, ...added], ({ sample }) => sample);
  return samples.flatMap(({ id }) => {
    const own = bySample.get(id) ?? [];
    const byTarget = Map.groupBy(own, ({ target }) => target);
    const names = new Set([...targets.map(({ name }) => name), ...byTarget.keys()]);
    return [...names].flatMap((name) => byTarget.get(name) ?? []);
  });
}
