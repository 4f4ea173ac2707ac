// `firedrill run`: the drill itself.
import type { Command } from 'commander';
import { json } from '../formats/json.ts';
import { terminalTable } from '../formats/terminal-table.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import type { DrilledOptions } from './drilled.ts';
import { drilled } from './drilled.ts';
import { defaultWorkers, shardFrom, wholeNumber } from './options.ts';

interface RunOptions extends DrilledOptions {
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
  const ended = await drilled(context, names, options);
  if (ended === null) return 130;
  const { report, where } = ended;
  if (options.json) context.out(json.render(report));
  else {
    context.out(terminalTable(report, context));
    context.out(`reports in ${where}\n`);
  }
  return report.held ? 0 : 1;
}
