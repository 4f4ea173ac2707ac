// `firedrill scorecard`: who does what when a provider fails.
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { readReferenceSettings } from '../chains/reference-config.ts';
import { InputError } from '../errors.ts';
import { oneLine } from '../formats/clean-text.ts';
import { shown, wordedScenarios } from '../project.ts';
import { makeScorecard } from '../scorecard/scorecard.ts';
import { scorecardCsv } from '../scorecard/scorecard-csv.ts';
import { scorecardMd } from '../scorecard/scorecard-md.ts';
import { systemsOf } from '../scorecard/system.ts';
import { writeWhole } from '../whole-file.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { defaultWorkers, wholeNumber } from './options.ts';
import { watched } from './watched.ts';

interface ScorecardWords {
  chain: string;
  systems?: string;
  seed: number;
  seeds: number;
  workers: number;
  targets?: string;
  out: string;
}

const examples = `
Examples:
  firedrill scorecard failover-bench --chain chain.yaml
  firedrill scorecard mine.yaml --chain chain.yaml --systems reference,langchain,portkey
`;

export const scorecardCommand: MakeCommand = (context) => ({
  name: 'scorecard',
  define(program: Command, finish) {
    program
      .command('scorecard')
      .description('drill every library and gateway with one chain file, and put them side by side')
      .argument('[scenario...]', 'names, folders or .yaml files; without any, failover-bench')
      .requiredOption('--chain <file>', 'a .yaml of the reference chain')
      .option('--systems <names>', 'some of them: reference,langchain,...')
      .option('--seed <n>', 'root of all randomness', wholeNumber(0), 1)
      .option('--seeds <n>', 'trials of each scenario', wholeNumber(1), 1)
      .option(
        '--workers <n>',
        'threads, for what runs in virtual time',
        wholeNumber(1),
        defaultWorkers(),
      )
      .option('--targets <file>', 'a targets file of your own, beside the shipped one')
      .option('--out <dir>', 'where scorecard.md, .csv and .json are written', 'reports/scorecard')
      .addHelpText('after', examples)
      .action((names: string[], words: ScorecardWords) =>
        finish(() => score(context, names, words)),
      );
  },
});

async function score(
  context: CommandContext,
  names: string[],
  words: ScorecardWords,
): Promise<ExitCode> {
  const { cwd, signal } = context;
  if (!/\.ya?ml$/.test(words.chain)) {
    const file = words.chain;
    throw new InputError('a scorecard takes a .yaml chain file: no library can be told code', {
      file,
    });
  }
  const settings = readReferenceSettings(resolve(cwd, words.chain));
  const systems = systemsOf(settings, words.systems?.split(',') ?? []);
  const dir = resolve(cwd, words.out);
  const card = await watched(context, false, ({ onProgress }) =>
    makeScorecard({
      chain: words.chain,
      settings,
      systems,
      scenarios: wordedScenarios(names.length === 0 ? ['failover-bench'] : names, cwd),
      targets: words.targets,
      seed: words.seed,
      trials: words.seeds,
      workers: words.workers,
      cwd,
      runs: join(dir, 'runs'),
      today: new Date().toISOString().slice(0, 10),
      signal,
      onSystem: (name) => context.err(`${name} ...\n`),
      onProgress,
    }),
  );
  if (card === null) {
    context.err(`interrupted: the runs of systems that were done are in ${shown(dir, cwd)}\n`);
    return 130;
  }
  writeWhole(join(dir, 'scorecard.csv'), scorecardCsv(card));
  writeWhole(join(dir, 'scorecard.json'), `${JSON.stringify(card, null, 2)}\n`);
  writeWhole(join(dir, 'scorecard.md'), scorecardMd(card));
  context.out(`${shown(join(dir, 'scorecard.md'), cwd)}\n`);
  const failed = card.systems.filter(({ error }) => error !== null);
  for (const { name, error } of failed) context.err(`${name}: ${oneLine(error ?? '')}\n`);
  return failed.length === 0 ? 0 : 2;
}
