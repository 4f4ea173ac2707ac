// `firedrill run`: the drill itself.
import type { Command } from 'commander';
import { json } from '../formats/json.ts';
import { terminalTable } from '../formats/terminal-table.ts';
import type { LiveWords } from '../live/live-setting.ts';
import { refuseWithoutLive } from '../live/live-setting.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import type { DrilledOptions } from './drilled.ts';
import { drilled } from './drilled.ts';
import { defaultWorkers, dollars, shardFrom, wholeNumber } from './options.ts';

interface RunOptions extends DrilledOptions, LiveWords {
  json?: boolean;
}

const examples = `
Examples:
  firedrill run --chain chain.ts                              every scenario there is
  firedrill run openai-outage --chain chain.ts --trials 5     one scenario, your own code
  firedrill run --chain chain.yaml --through langchain        the same chain file, in a library
  firedrill run my.yaml --chain chain.ts --seed 7 --out reports/mine
  firedrill run --chain chain.ts --resume                     go on after Ctrl-C or a crash
  firedrill run my.yaml --chain chain.yaml --live --max-cost 0.50    faults over real traffic
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
      .option('--live', 'ask real providers, in real time: it spends money (docs/live.md)')
      .option('--calls <n>', 'live: calls of each trial (default: 20)', wholeNumber(1))
      .option('--max-cost <usd>', 'live: stop before it costs more, like 1.50', dollars)
      .option('--max-requests <n>', 'live: stop before there are more', wholeNumber(1))
      .option('--yes', 'live: do not ask before it spends')
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
  refuseWithoutLive(options);
  const ended = await drilled(context, names, options);
  if (ended === null) return context.signal.aborted ? 130 : 2;
  const { report, where } = ended;
  if (options.json) context.out(json.render(report));
  else {
    context.out(terminalTable(report, context));
    context.out(`reports in ${where}\n`);
  }
  if (report.stopped) context.err(`go on with --resume --out ${where}\n`);
  return report.held && !report.stopped ? 0 : 1;
}
