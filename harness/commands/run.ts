// `firedrill run`: the drill itself.
import { basename, extname, resolve } from 'node:path';
import type { Command } from 'commander';
import { throughName } from '../adapters/through.ts';
import { InputError } from '../errors.ts';
import { oneLine } from '../formats/clean-text.ts';
import { json } from '../formats/json.ts';
import { terminalTable } from '../formats/terminal-table.ts';
import { warningsOf } from '../formats/warnings.ts';
import { shown, targetsFiles, wordedScenarios } from '../project.ts';
import { ChainOutput, hiddenText } from '../run/chain-output.ts';
import type { Plan } from '../run/plan.ts';
import { makePlan } from '../run/plan.ts';
import { createProgress } from '../run/progress.ts';
import { run } from '../run/run.ts';
import { RunFolder, runName, unfinishedRun } from '../run/run-folder.ts';
import type { Shard } from '../run/shard.ts';
import { shardOf } from '../run/shard.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { defaultWorkers, quoted, shardFrom, wholeNumber } from './options.ts';

interface RunOptions {
  chain: string;
  through?: string;
  seed: number;
  trials: number;
  workers: number;
  shard?: Shard;
  resume?: boolean;
  out?: string;
  targets?: string;
  verbose?: boolean;
  json?: boolean;
}

const examples = `
Examples:
  firedrill run --chain chain.ts                              every scenario there is
  firedrill run openai-outage --chain chain.ts --trials 5     one scenario, your own code
  firedrill run --chain chain.yaml --through langchain        the same chain file, in a library
  firedrill run my.yaml --chain chain.ts --seed 7 --out reports/mine
  firedrill run --chain chain.ts --resume                     go on after Ctrl-C or a crash
  firedrill run --chain chain.ts --shard 1/3 --out part-1     a third of it; then firedrill merge
`;

export const runCommand: MakeCommand = (context) => ({
  name: 'run',
  define(program: Command, finish) {
    program
      .command('run')
      .description('drill a chain: every scenario, in virtual time, and score what users would see')
      .argument('[scenario...]', 'names or .yaml files; without any, every scenario there is')
      .requiredOption('--chain <file>', 'a .yaml of the reference chain, or your own chain.ts')
      .option(
        '--through <name>',
        'the library or gateway to put a .yaml chain into (firedrill list libraries, gateways)',
      )
      .option('--seed <n>', 'root of all randomness', wholeNumber(0), 1)
      .option('--trials <n>', 'trials of each scenario', wholeNumber(1), 1)
      .option('--workers <n>', 'threads', wholeNumber(1), defaultWorkers())
      .option('--targets <file>', 'a targets file of your own, beside the shipped one')
      .option(
        '--shard <i/n>',
        'drill only the i-th of n parts, for machines side by side',
        shardFrom,
      )
      .option('--resume', 'go on with an unfinished run of the same input')
      .option('--out <dir>', 'where the run is kept (default: reports/<run>)')
      .option('--verbose', 'show all that the chain prints, not only its first lines')
      .option('--json', 'print report.json instead of the table')
      .addHelpText('after', examples)
      .action((names: string[], options: RunOptions) =>
        finish(() => drill(context, names, options)),
      );
  },
});

async function drill(
  context: CommandContext,
  names: string[],
  options: RunOptions,
): Promise<ExitCode> {
  const { cwd, signal } = context;
  const own = options.targets === undefined ? [] : [resolve(cwd, options.targets)];
  const worded = wordedScenarios(names, cwd);
  const whole = makePlan({
    chainFile: resolve(cwd, options.chain),
    through: options.through,
    scenarioFiles: [...worded.keys()],
    targetsFiles: [...targetsFiles(cwd), ...own],
    seed: options.seed,
    trials: options.trials,
    cwd,
  });
  const plan = options.shard ? shardOf(whole, options.shard) : whole;
  const folder = new RunFolder(folderOf(context, plan, options));
  const progress = createProgress(context);
  const targets = options.targets === undefined ? [] : ['--targets', options.targets];
  const through = options.through === undefined ? [] : ['--through', options.through];
  const seed = ['--seed', String(options.seed)];
  const words = ['--chain', options.chain, ...through, ...seed, ...targets].map(quoted);
  // A scenario's name need not be that of its file: only the words that found it find it again.
  const found = [...worded.values()];
  const wordOf = (name: string): string =>
    found[plan.scenarios.findIndex(({ scenario }) => scenario.name === name)] ?? name;
  const notes: string[] = [];
  const output = new ChainOutput(context.err, options.verbose);
  let result: Awaited<ReturnType<typeof run>>;
  try {
    result = await run({
      plan,
      folder,
      workers: options.workers,
      resume: options.resume === true,
      cwd,
      replay: { scenario: (name) => quoted(wordOf(name)), words: words.join(' ') },
      onProgress: (done, total) => progress.step(done, total),
      onNote: (text) => notes.push(text),
      onOutput: (text) => output.take(text),
      signal,
    });
  } finally {
    progress.stop();
    const hidden = hiddenText(output);
    if (hidden !== null) notes.push(hidden);
    for (const note of notes) context.err(`note: ${oneLine(note)}\n`);
  }
  const where = shown(folder.dir, cwd);
  if (!result.report) {
    context.err(
      `interrupted: ${result.done} of ${result.total} trials are kept in ${where}; go on with --resume --out ${where}\n`,
    );
    return 130;
  }
  for (const warning of warningsOf(result.report)) context.err(`${oneLine(warning)}\n`);
  if (options.json) context.out(json.render(result.report));
  else {
    context.out(terminalTable(result.report, context));
    context.out(`reports in ${where}\n`);
  }
  return result.report.held ? 0 : 1;
}

function folderOf(context: CommandContext, plan: Plan, options: RunOptions): string {
  const { cwd } = context;
  if (options.out !== undefined) return resolve(cwd, options.out);
  const reports = resolve(cwd, 'reports');
  if (!options.resume) {
    const file = basename(options.chain, extname(options.chain));
    const chain = throughName(file, options.through);
    const { fingerprint, shard } = plan;
    const part = shard ? `-shard-${shard.index}-of-${shard.of}` : '';
    return resolve(reports, runName(`${chain}${part}`, new Date(), fingerprint));
  }
  const open = unfinishedRun(reports, plan);
  if (open === null) {
    throw new InputError(
      'there is no unfinished run of this chain, these scenarios and this seed in reports/',
    );
  }
  return open;
}
