// `firedrill compare`: which of these chains is best, and which orders are no worse than another.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { compareTable } from '../compare/compare-table.ts';
import { runComparison } from '../compare/run-comparison.ts';
import { writeComparison } from '../compare/write-comparison.ts';
import { shown, wordedScenarios } from '../project.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { defaultWorkers, wholeNumber } from './options.ts';
import { watched } from './watched.ts';

interface CompareWords {
  chain: string[];
  permute?: boolean;
  upTo?: number;
  vary?: string[];
  weights?: string;
  seed: number;
  trials: number;
  workers: number;
  targets?: string;
  out: string;
  verbose?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  firedrill compare --chain chain.yaml --permute               every order of its targets
  firedrill compare --chain chain.yaml --permute --up-to 2     also shorter chains
  firedrill compare outage.yaml --chain chain.yaml --vary retry.max=0,1,2 attempt.timeout=3s,5s
  firedrill compare --chain now.yaml --chain tomorrow.yaml     the first one is the current chain
`;

export const compareCommand: MakeCommand = (context) => ({
  name: 'compare',
  define(program: Command, finish) {
    program
      .command('compare')
      .description('rank chains, orders of targets or settings by what users would get')
      .argument(
        '[scenario...]',
        'names, folders or .yaml files; without any, every scenario there is',
      )
      .requiredOption(
        '--chain <file>',
        'a chain; give it again for each further one (the first is the current one)',
        (file: string, before: string[] | undefined) => [...(before ?? []), file],
      )
      .option('--permute', 'every order of the targets of one .yaml chain')
      .option(
        '--up-to <k>',
        'with --permute: also chains of fewer targets, of k at most',
        wholeNumber(1),
      )
      .option('--vary <setting=values...>', 'a grid over settings of one .yaml chain')
      .option('--weights <file>', 'how often each scenario happens (default: the shipped weights)')
      .option('--seed <n>', 'root of all randomness', wholeNumber(0), 1)
      .option('--trials <n>', 'trials of each scenario', wholeNumber(1), 1)
      .option('--workers <n>', 'threads', wholeNumber(1), defaultWorkers())
      .option('--targets <file>', 'a targets file of your own, beside the shipped one')
      .option('--out <dir>', 'where the ranking and every chain are written', 'reports/compare')
      .option('--verbose', 'show all that chains print, not only the first lines')
      .option('--json', 'print compare.json instead of the table')
      .addHelpText('after', examples)
      .action((names: string[], words: CompareWords) =>
        finish(() => compare(context, names, words)),
      );
  },
});

async function compare(
  context: CommandContext,
  names: string[],
  words: CompareWords,
): Promise<ExitCode> {
  const { cwd, signal } = context;
  const dir = resolve(cwd, words.out);
  const found = await watched(context, words.verbose, (watch) =>
    runComparison({
      chains: words.chain,
      permute: words.permute === true,
      upTo: words.upTo ?? null,
      vary: words.vary ?? [],
      weights: words.weights ?? null,
      scenarios: wordedScenarios(names, cwd),
      targets: words.targets,
      seed: words.seed,
      trials: words.trials,
      workers: words.workers,
      cwd,
      dir,
      signal,
      ...watch,
    }),
  );
  if (found === null) {
    context.err('interrupted: nothing is kept but the chains\n');
    return 130;
  }
  writeComparison(dir, found);
  if (words.json) context.out(`${JSON.stringify(found, null, 2)}\n`);
  else {
    context.out(compareTable(found, context));
    context.out(`reports in ${shown(dir, cwd)}\n`);
  }
  return 0;
}
