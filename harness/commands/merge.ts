// `firedrill merge`: the shards of a run as the one run that they are parts of.
import { resolve } from 'node:path';
import type { Command } from 'commander';
import { oneLine } from '../formats/clean-text.ts';
import { json } from '../formats/json.ts';
import { terminalTable } from '../formats/terminal-table.ts';
import { warningsOf } from '../formats/warnings.ts';
import { shown } from '../project.ts';
import { mergeShards } from '../run/merge-shards.ts';
import { RunFolder } from '../run/run-folder.ts';
import type { MakeCommand } from './command.ts';

export const mergeCommand: MakeCommand = (context) => ({
  name: 'merge',
  define(program: Command, finish) {
    program
      .command('merge')
      .description('put the shards of a run together: every report, as the whole run writes it')
      .argument('<dir...>', 'the folders of all shards of one run, in any order')
      .requiredOption('--out <dir>', 'where the whole run is kept')
      .option('--json', 'print report.json instead of the table')
      .addHelpText(
        'after',
        '\nExample:\n  firedrill merge part-1 part-2 part-3 --out reports/whole\n',
      )
      .action((dirs: string[], options: { out: string; json?: boolean }) =>
        finish(async () => {
          const { cwd } = context;
          const folder = new RunFolder(resolve(cwd, options.out));
          const report = mergeShards(
            dirs.map((dir) => resolve(cwd, dir)),
            folder,
          );
          for (const warning of warningsOf(report)) context.err(`${oneLine(warning)}\n`);
          if (options.json) context.out(json.render(report));
          else {
            context.out(terminalTable(report, context));
            context.out(`reports in ${shown(folder.dir, cwd)}\n`);
          }
          return report.held ? 0 : 1;
        }),
      );
  },
});
