// What a recording is made with: the words of the command, read and checked, and what is there of
// it.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { readReferenceSettings } from '../chains/reference-config.ts';
import { InputError } from '../errors.ts';
import { targetsFiles, workloadFile } from '../project.ts';
import type { Targets } from '../upstream/targets.ts';
import { createTargets, readTargets } from '../upstream/targets.ts';
import type { AskedWorkload } from '../workloads/yaml-workload.ts';
import { readAskedWorkload } from '../workloads/yaml-workload.ts';
import { mostOf } from './budget.ts';
import { foldJournal, openIn } from './record.ts';
import { RecordJournal } from './record-journal.ts';
import type { RecordPlan } from './record-plan.ts';
import { planRecording, promptOf } from './record-plan.ts';
import { recordedBefore, recordingsFile } from './recorded-workload.ts';

/** The options of the command. */
export interface RecordWords {
  chain: string;
  workload: string;
  out?: string;
  stream?: boolean;
  times: number;
  maxCost?: number;
  maxRequests?: number;
  retries: number;
  keepErrors?: boolean;
  askUnfinished?: boolean;
  redact?: string[];
  yes?: boolean;
}

export interface RecordSetting {
  words: RecordWords;
  cwd: string;
  workload: AskedWorkload;
  workloadFile: string;
  settings: Parameters<typeof planRecording>[1];
  targets: Targets;
  /** The file of recordings. */
  file: string;
}

/** Throws InputError for what cannot be recorded. */
export function settingOf(words: RecordWords, cwd: string): RecordSetting {
  const chain = resolve(cwd, words.chain);
  if (!existsSync(chain))
    throw new InputError('there is no such chain file', { file: words.chain });
  if (!/\.ya?ml$/.test(chain)) {
    const how = 'targets are read from a .yaml chain: write one of your targets beside your code';
    throw new InputError(how, { file: words.chain });
  }
  if (words.workload === 'ifeval') {
    throw new InputError('the answers to ifeval are graded by others: name a .yaml workload');
  }
  const settings = readReferenceSettings(chain, { floor: false });
  const path = workloadFile(words.workload, cwd);
  const workload = readAskedWorkload(path);
  const targets = createTargets(readTargets(targetsFiles(cwd)));
  const unpriced = settings.targets.find(({ name }) => !targets.hasPrice(name));
  if (words.maxCost !== undefined && unpriced) {
    const how = 'write it under models in firedrill/targets.yaml, or give --max-requests';
    throw new InputError(`--max-cost: nobody knows the price of ${unpriced.name}: ${how}`);
  }
  return {
    words,
    cwd,
    workload,
    workloadFile: path,
    settings: { ...settings, stream: words.stream ?? settings.stream },
    targets,
    file: recordingsFile(workload, words.out, cwd),
  };
}

export interface Prepared {
  plan: RecordPlan;
  mostUsd: number;
}

/** Looks only, but for what `fold` puts in its place. */
export function prepared(
  setting: RecordSetting,
  journal = journalOf(setting),
  fold = false,
): Prepared {
  const { words, workload, settings, file, targets, cwd } = setting;
  const before = recordedBefore(file, cwd);
  const there = fold
    ? foldJournal(file, workload.samples, settings.targets, before, journal)
    : before;
  const open = words.askUnfinished ? [] : openIn(journal);
  const plan = planRecording(workload.samples, settings, there, words.times, open);
  const whole = [...journal.begun].filter(([, { isDone }]) => isDone).map(([key]) => key);
  const jobs = plan.jobs.filter(({ key }) => !whole.includes(key));
  const mostUsd = jobs.reduce((sum, { sample, target, maxTokens }) => {
    const asked = [sample.system, promptOf(sample), sample.schema, sample.tools];
    return sum + mostOf(targets.price(target.name), asked, maxTokens);
  }, 0);
  return { plan: { ...plan, jobs }, mostUsd };
}

export function journalOf({ file }: RecordSetting): RecordJournal {
  return new RecordJournal(`${file}.journal`);
}
