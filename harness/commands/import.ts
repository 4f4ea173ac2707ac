// `firedrill import`: recordings and logged answers of others become a workload of the project.
import { existsSync } from 'node:fs';
import { basename, extname, relative, resolve } from 'node:path';
import type { Command } from 'commander';
import { quoted } from '../command-words.ts';
import { InputError } from '../errors.ts';
import { oneLine } from '../formats/clean-text.ts';
import { importers } from '../importers/index.ts';
import { importAnswers } from '../importing/import-answers.ts';
import { importExchanges } from '../importing/import-exchanges.ts';
import type { ImportPlace } from '../importing/import-files.ts';
import { importFiles } from '../importing/import-files.ts';
import type { Imported } from '../importing/imported.ts';
import { coverage } from '../importing/imported.ts';
import { putFiles } from '../importing/project-files.ts';
import { knownWorkloads, packageRoot, projectFolder, shown, targetsFiles } from '../project.ts';
import { createTargets, readTargets } from '../upstream/targets.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { redactions } from './options.ts';

interface ImportOptions {
  answers?: string;
  name?: string;
  out?: string;
  partial?: boolean;
  force?: boolean;
  redact?: string[];
}

const formats = Object.values(importers)
  .map(({ name, describe }) => `  ${name.padEnd(13)} ${describe}`)
  .join('\n');

const examples = `
Formats of recordings:
${formats}

Examples:
  firedrill import cassettes/*.yaml --name support     a workload of what VCR recorded
  firedrill import chat.har                            of what a browser or proxy recorded
  firedrill import --answers answers.csv               of logged answers: columns prompt, target,
                                                       answer, and if you like score and system
`;

export const importCommand: MakeCommand = (context) => ({
  name: 'import',
  define(program: Command, finish) {
    program
      .command('import')
      .description('make a workload of recorded exchanges, or of your own logged answers')
      .argument(
        '[file...]',
        'recordings of VCR.py, Ruby VCR, go-vcr, nock, httprr, ..., or HAR files',
      )
      .option('--answers <file>', 'a .csv, .jsonl or .json of logged answers')
      .option('--name <name>', 'of the workload (default: of the file)')
      .option('--out <dir>', `where the project keeps its drills (default: ${projectFolder})`)
      .option('--partial', 'with --answers: keep prompts that only some targets answered')
      .option('--force', 'replace an earlier import of this name')
      .option('--redact <regex...>', 'of recordings: mask what matches, beside keys and accounts')
      .addHelpText('after', examples)
      .action((files: string[], options: ImportOptions) =>
        finish(async () => importInto(context, files, options)),
      );
  },
});

function importInto(context: CommandContext, files: string[], options: ImportOptions): ExitCode {
  const { cwd } = context;
  const table = files.find((file) => /\.(?:csv|jsonl|ndjson)$/i.test(file));
  if (options.answers !== undefined && files.length > 0) {
    throw new InputError(
      '--answers takes one file: import the recordings in a command of their own',
    );
  }
  if (options.answers === undefined && files.length === 0) {
    throw new InputError('name the recordings to import, or --answers with a .csv or .jsonl file');
  }
  if (table !== undefined) {
    throw new InputError(`is a table, no recording: write --answers ${quoted(table)}`, {
      file: table,
    });
  }
  const targets = createTargets(readTargets(targetsFiles(cwd)));
  const place = placeOf(files, options, cwd);
  const named = (file: string) => ({ path: resolve(cwd, file), shown: file });
  const imported =
    options.answers === undefined
      ? importExchanges(files.map(named), targets, redactions(options.redact))
      : importAnswers({
          ...named(options.answers),
          targets,
          partial: options.partial === true,
        });
  const starters = options.answers !== undefined;
  const put = putFiles(
    importFiles(imported, place, targets, starters),
    cwd,
    options.force === true,
  );
  const written = put.map(({ path }) => path);
  context.out(summary(imported));
  for (const { path, fate } of put) context.out(`${fate.padEnd(9)}  ${shown(path, cwd)}\n`);
  context.out(`\n${nextStep(place, starters, written, cwd)}\n`);
  return 0;
}

const nameForm = /^[a-z0-9][a-z0-9-]*$/;

function placeOf(files: string[], options: ImportOptions, cwd: string): ImportPlace {
  const folder = resolve(cwd, options.out ?? projectFolder);
  const name = options.name ?? defaultName(options.answers ?? files[0] ?? '', files.length);
  if (!nameForm.test(name)) {
    throw new InputError(`--name ${JSON.stringify(name)}: write a name like support-desk`);
  }
  const fixtures = resolve(packageRoot, 'fixtures');
  if (name === 'ifeval' || knownWorkloads(cwd).get(name)?.startsWith(fixtures) === true) {
    throw new InputError(`${name} is a workload that ships with firedrill: give another --name`);
  }
  const own = folder === resolve(cwd, projectFolder);
  const file = relative(cwd, resolve(folder, 'workloads', `${name}.yaml`));
  return { folder, name, workload: own ? name : file };
}

function defaultName(file: string, count: number): string {
  if (count > 1) return 'imported';
  const stem = basename(file, extname(file)).toLowerCase();
  return stem.replace(/[^a-z0-9]+/g, '-').replace(/^-+|-+$/g, '') || 'imported';
}

/** Targets that the summary shows by name. */
const targetsShown = 20;

function summary({ recordings, samples, errors, leftOut }: Imported): string {
  const scored = recordings.filter(({ score }) => typeof score === 'number').length;
  const notes = [
    ...(scored > 0 ? [`${scored} scored`] : []),
    ...(errors > 0 ? [`${errors} of them errors`] : []),
  ];
  const more = notes.length > 0 ? ` (${notes.join(', ')})` : '';
  const prompts = plural(samples.length, 'prompt');
  const lines = [`${plural(recordings.length, 'answer')} to ${prompts}${more}`];
  const covered = [...coverage(recordings)];
  for (const [target, answered] of covered.slice(0, targetsShown)) {
    lines.push(`  ${oneLine(target)}: ${answered.size} of ${prompts}`);
  }
  const unseen = covered.length - targetsShown;
  if (unseen > 0) lines.push(`  and ${plural(unseen, 'more target')}`);
  const left = leftOut.reduce((sum, { count }) => sum + count, 0);
  if (left > 0) lines.push(`${left} left out:`);
  for (const { reason, count } of leftOut) lines.push(`  ${count}: ${oneLine(reason)}`);
  return `${lines.join('\n')}\n\n`;
}

function plural(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? '' : 's'}`;
}

/** `written`: the files of this import. */
function nextStep(place: ImportPlace, starters: boolean, written: string[], cwd: string): string {
  const { folder, name, workload } = place;
  const elsewhere = workload !== name;
  const hosts = written.find((path) => basename(path) === 'targets.yaml');
  const targets = elsewhere && hosts ? ` --targets ${quoted(shown(hosts, cwd))}` : '';
  const own = `${projectFolder}/chain.ts`;
  const chain = `--chain ${existsSync(resolve(cwd, own)) ? own : 'chain.ts'}${targets}`;
  if (!starters) {
    return `next: write "workload: ${workload}" in a scenario, then firedrill run SCENARIO.yaml ${chain}`;
  }
  if (!elsewhere) return `next: firedrill run ${chain}`;
  const scenarios = quoted(shown(resolve(folder, 'scenarios'), cwd));
  return `next: firedrill run ${scenarios}/${name}-*.yaml ${chain}`;
}
