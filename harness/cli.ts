// The command line without a process around it: words in, exit code out, so that tests run it as
// users do. What goes wrong ends here, as one line that starts with `firedrill: `.
import type { Command } from 'commander';
import { CommanderError } from 'commander';
import type { CommandContext, ExitCode } from './commands/command.ts';
import { commands } from './commands/index.ts';
import { StrictCommand } from './commands/strict-command.ts';
import { HarnessError, InputError, messageOf } from './errors.ts';
import { oneLine } from './formats/clean-text.ts';
import { version } from './version.ts';

/** Never rejects. `debug` shows the stack of what is a mistake of our own. */
export async function runCli(
  words: string[],
  context: CommandContext,
  debug = false,
): Promise<ExitCode> {
  let code: ExitCode = 0;
  const finish = async (work: () => Promise<ExitCode>): Promise<void> => {
    try {
      code = await work();
    } catch (error) {
      context.err(explained(error, debug));
      code = 2;
    }
  };
  const program = programOf(context);
  for (const make of Object.values(commands)) make(context).define(program, finish);
  for (const command of [program, ...program.commands]) command.exitOverride();
  try {
    await program.parseAsync(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2;
    context.err(explained(error, debug));
    return 2;
  }
  return code;
}

function programOf(context: CommandContext): Command {
  return new StrictCommand('firedrill')
    .description('a wind tunnel for LLM fallback chains')
    .version(version)
    .configureHelp({ showGlobalOptions: false })
    .configureOutput({
      writeOut: context.out,
      writeErr: context.err,
      outputError: (text, write) => {
        const what = oneLine(
          text.replace(/^error: /, '').replace('(Did you mean', '(did you mean'),
        );
        write(`firedrill: ${what} (firedrill --help shows what there is)\n`);
      },
    });
}

/** One sentence; a stack only for a mistake of our own, and only when asked. */
function explained(error: unknown, debug: boolean): string {
  if (error instanceof InputError || error instanceof HarnessError) {
    return `firedrill: ${oneLine(error.message)}\n`;
  }
  if (debug && error instanceof Error) return `firedrill: unexpected: ${error.stack}\n`;
  return `firedrill: unexpected: ${oneLine(messageOf(error))}\n`;
}
