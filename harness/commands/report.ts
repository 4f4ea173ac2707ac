// `firedrill report DIR`: every format of a run again, from its history alone.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { oneLine } from '../formats/clean-text.ts';
import { terminalTable } from '../formats/terminal-table.ts';
import { warningsOf } from '../formats/warnings.ts';
import { reportAgain } from '../run/report-again.ts';
import { RunFolder } from '../run/run-folder.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';

export const reportCommand: MakeCommand = (context) => ({
  name: 'report',
  define(program: Command, finish) {
    program
      .command('report')
      .description('write every report of a run again from its history; also of a run cut short')
      .argument('<dir>', 'the folder of the run')
      .addHelpText('after', '\nExample:\n  firedrill report reports/my-run\n')
      .action((dir: string) => finish(async () => again(context, dir)));
  },
});

async function again(context: CommandContext, dir: string): Promise<ExitCode> {
  const folder = new RunFolder(resolve(context.cwd, dir));
  const report = await reportAgain(folder);
  const planned = plannedTrials(folder);
  if (report.trials.length < planned) {
    context.err(`note: the run is not finished: ${report.trials.length} of ${planned} trials\n`);
  }
  for (const warning of warningsOf(report)) context.err(`${oneLine(warning)}\n`);
  context.out(terminalTable(report, context));
  return report.held ? 0 : 1;
}

function plannedTrials(folder: RunFolder): number {
  const run = folder.read();
  return run ? run.trials * Object.keys(run.scenarios).length : 0;
}
