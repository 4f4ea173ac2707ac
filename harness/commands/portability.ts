// `firedrill portability`: does every prompt survive the switch to another model?
import { existsSync, mkdtempSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, extname, join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readReferenceSettings } from '../chains/reference-config.ts';
import { InputError } from '../errors.ts';
import { measuredTable, measuredText } from '../portability/measured-table.ts';
import { portability } from '../portability/portability.ts';
import { portabilityCsv } from '../portability/portability-csv.ts';
import { portabilityMd } from '../portability/portability-md.ts';
import type { PortabilityReport } from '../portability/portability-report.ts';
import { portabilityTable } from '../portability/portability-table.ts';
import { findWorkload, shown, targetsFiles } from '../project.ts';
import { isHttpChain } from '../realtime/http-chain.ts';
import { hashOfParts } from '../run/hash-of-parts.ts';
import { runName } from '../run/run-folder.ts';
import { readText } from '../scenario/yaml-file.ts';
import { chainSources } from '../trial/chain-sources.ts';
import { readTargets } from '../upstream/targets.ts';
import { writeWhole } from '../whole-file.ts';
import type { Workload } from '../workloads/workload.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { defaultWorkers, shareFrom, wholeNumber } from './options.ts';
import { watched } from './watched.ts';

interface PortabilityWords {
  chain: string;
  workload: string;
  seed: number;
  floor: number;
  workers: number;
  targets?: string;
  out?: string;
  table?: string;
  verbose?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  firedrill portability --chain chain.ts                      the shipped prompts, your own code
  firedrill portability --chain chain.yaml --workload mine.yaml
  firedrill portability --chain chain.ts --workload mine.yaml --table quality.yaml
`;

export const portabilityCommand: MakeCommand = (context) => ({
  name: 'portability',
  define(program: Command, finish) {
    program
      .command('portability')
      .description('ask every prompt on every target of a chain, and lint what the chain sends')
      .requiredOption('--chain <file>', 'a .yaml of the reference chain, or your own chain.ts')
      .option('--workload <name>', 'a known workload, or a .yaml file', 'support-desk')
      .option('--floor <score>', 'the least score of a good answer, 0 to 1', shareFrom, 0.6)
      .option('--seed <n>', 'root of all randomness', wholeNumber(0), 1)
      .option('--workers <n>', 'threads', wholeNumber(1), defaultWorkers())
      .option('--targets <file>', 'a targets file of your own, beside the shipped one')
      .option('--table <file>', 'write the measured means there, .yaml or .json, to be committed')
      .option('--out <dir>', 'where reports are kept (default: reports/portability-<run>)')
      .option('--verbose', 'show all that the chain prints, not only its first lines')
      .option('--json', 'print portability.json instead of the table')
      .addHelpText('after', examples)
      .action((words: PortabilityWords) => finish(() => measure(context, words)));
  },
});

async function measure(context: CommandContext, words: PortabilityWords): Promise<ExitCode> {
  const { cwd, signal } = context;
  const chainFile = resolve(cwd, words.chain);
  if (!existsSync(chainFile)) {
    throw new InputError('there is no such chain file', { file: shown(chainFile, cwd) });
  }
  // Mistakes are told before anything is drilled.
  if (/\.ya?ml$/.test(chainFile)) refuseAddress(chainFile, words.chain);
  const workload = askable(words.workload, cwd);
  if (words.table !== undefined) refuseTable(resolve(cwd, words.table), words.table);
  const targets = targetsFiles(cwd, words.targets);
  readTargets(targets);
  const dir = folderOf(context, words, fingerprintOf(chainFile, workload, words.seed));
  const report = await watched(context, words.verbose, (watch) =>
    portability({
      chainFile,
      targetsFiles: targets,
      workload,
      workloadName: words.workload,
      cwd,
      seed: words.seed,
      floor: words.floor,
      workers: words.workers,
      dir: mkdtempSync(join(tmpdir(), 'firedrill-portability-')),
      signal,
      ...watch,
    }),
  );
  if (report === null) {
    context.err('interrupted: nothing is kept\n');
    return 130;
  }
  writeAll(dir, report);
  if (words.table !== undefined) {
    const file = resolve(cwd, words.table);
    writeWhole(file, measuredText(measuredTable(report), file));
  }
  if (words.json) context.out(jsonOf(report));
  else {
    context.out(portabilityTable(report, context));
    context.out(`reports in ${shown(dir, cwd)}\n`);
  }
  return 0;
}

/** Each target is asked with all others out of reach, which takes a chain in this process. */
function refuseAddress(chainFile: string, file: string): void {
  if (!isHttpChain(chainFile)) readReferenceSettings(chainFile, { floor: false });
  else throw new InputError('is an address: give the chain behind it, as .yaml or code', { file });
}

/** Before anything is drilled that could then be written nowhere. */
function refuseTable(file: string, given: string): void {
  if (!/\.(ya?ml|json)$/.test(file))
    throw new InputError(`--table ${given}: expected a .yaml or .json file`);
  if (existsSync(file) && statSync(file).isDirectory()) {
    throw new InputError(`--table ${given}: is a folder, expected a file in it`);
  }
}

function askable(name: string, cwd: string): Workload {
  const workload = findWorkload(name, cwd);
  const lacks = workload.samples.length === 0 ? 'samples' : 'recordings';
  if (workload.samples.length > 0 && workload.recordings.length > 0) return workload;
  const why = `the workload ${JSON.stringify(name)} has no ${lacks}: nothing can be answered`;
  throw new InputError(why);
}

function fingerprintOf(chainFile: string, workload: Workload, seed: number): string {
  const code = chainSources(chainFile).map((file) => readText(file));
  return hashOfParts([...code, JSON.stringify([workload, seed])]);
}

function folderOf(
  { cwd }: CommandContext,
  { out, chain }: PortabilityWords,
  fingerprint: string,
): string {
  if (out === undefined) {
    const name = runName(basename(chain, extname(chain)), new Date(), fingerprint);
    return resolve(cwd, 'reports', `portability-${name}`);
  }
  const dir = resolve(cwd, out);
  if (existsSync(dir) && !statSync(dir).isDirectory()) {
    throw new InputError(`--out ${out}: is a file, expected a folder`);
  }
  if (existsSync(resolve(dir, 'run.json')) || existsSync(resolve(dir, 'portability.json'))) {
    throw new InputError(`${shown(dir, cwd)} holds reports already: give another --out`);
  }
  return dir;
}

/** portability.json comes last: where it is, all the others are. */
function writeAll(dir: string, report: PortabilityReport): void {
  writeWhole(resolve(dir, 'portability.md'), portabilityMd(report));
  writeWhole(resolve(dir, 'portability.csv'), portabilityCsv(report));
  writeWhole(resolve(dir, 'portability.json'), jsonOf(report));
}

function jsonOf(report: PortabilityReport): string {
  return `${JSON.stringify(report, null, 2)}\n`;
}
