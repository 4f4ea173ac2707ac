// `firedrill recordings`: what is there for a workload, what is missing, stale or broken.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { InvalidArgumentError } from 'commander';
import { readReferenceSettings } from '../chains/reference-config.ts';
import { InputError } from '../errors.ts';
import { shown, workloadFile } from '../project.ts';
import type { RecordingsCheck } from '../recordings/check-recordings.ts';
import { checkRecordings } from '../recordings/check-recordings.ts';
import { recordingsText } from '../recordings/recordings-text.ts';
import { durationMs } from '../scenario/units.ts';
import { targetName } from '../upstream/recording.ts';
import { readAskedWorkload } from '../workloads/yaml-workload.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';

interface RecordingsWords {
  workload: string;
  chain?: string;
  target?: string[];
  olderThan?: number;
  json?: boolean;
}

const examples = `
Ends with 1 where a file is broken or an answer is missing, and with --older-than where one is stale.

Examples:
  firedrill recordings                                        of the shipped prompts
  firedrill recordings --workload mine.yaml --chain chain.yaml --older-than 90d
  firedrill recordings --workload mine.yaml --target openai/gpt-4o --json
`;

export const recordingsCommand: MakeCommand = (context) => ({
  name: 'recordings',
  define(program: Command, finish) {
    program
      .command('recordings')
      .description('list what is recorded for a workload, what is missing, stale or broken')
      .option('--workload <name>', 'a known workload, or a .yaml file', 'support-desk')
      .option('--chain <file>', 'a .yaml chain: whose targets must have an answer to everything')
      .option('--target <name...>', 'the same for targets by name, like openai/gpt-4o')
      .option('--older-than <time>', 'what is older is stale, like 90d', age)
      .option('--json', 'print all of it as JSON')
      .addHelpText('after', examples)
      .action((words: RecordingsWords) => finish(async () => list(context, words)));
  },
});

function list({ cwd, out }: CommandContext, words: RecordingsWords): ExitCode {
  const targets = targetsOf(words, cwd);
  if (words.workload === 'ifeval') {
    throw new InputError('ifeval keeps its answers outside of recordings: name a .yaml workload');
  }
  const { name, samples, files } = readAskedWorkload(workloadFile(words.workload, cwd));
  const check = checkRecordings({
    workload: name,
    samples: samples.map(({ id }) => id),
    files,
    targets,
    notBefore: words.olderThan === undefined ? null : dayBefore(words.olderThan),
  });
  if (words.json) {
    const relative = check.files.map((one) => ({ ...one, file: shown(one.file, cwd) }));
    out(`${JSON.stringify({ ...check, files: relative }, null, 2)}\n`);
  } else out(recordingsText(check, (file) => shown(file, cwd)));
  return isSound(check) ? 0 : 1;
}

function isSound({ files, targets }: RecordingsCheck): boolean {
  const isWhole = targets.every(({ missing, stale }) => missing.length + stale.length === 0);
  return isWhole && files.every(({ flaws }) => flaws.length === 0);
}

/** Null: whoever has recordings. */
function targetsOf({ chain, target }: RecordingsWords, cwd: string): string[] | null {
  const wrong = target?.find((name) => !targetName.safeParse(name).success);
  if (wrong !== undefined) {
    throw new InputError(`--target ${wrong}: expected provider/model, like openai/gpt-4o`);
  }
  if (chain === undefined) return target ?? null;
  return [...chainTargets(chain, cwd), ...(target ?? [])];
}

function chainTargets(chain: string, cwd: string): string[] {
  const file = resolve(cwd, chain);
  if (!existsSync(file)) throw new InputError('there is no such chain file', { file: chain });
  if (!/\.ya?ml$/.test(file)) {
    throw new InputError('targets are read from a .yaml chain: name those of code with --target', {
      file: chain,
    });
  }
  return readReferenceSettings(file, { floor: false }).targets.map(({ name }) => name);
}

const dayMs = 86_400_000;

function age(text: string): number {
  const ms = durationMs(text);
  if (ms !== null && ms >= dayMs) return ms;
  throw new InvalidArgumentError('expected a number of days, like 90d');
}

/** The first day that is not older than that, YYYY-MM-DD. */
function dayBefore(ms: number): string {
  const day = new Date(Date.now() - ms);
  if (Number.isNaN(day.getTime())) throw new InputError('--older-than: that is before all days');
  return day.toISOString().slice(0, 10);
}
