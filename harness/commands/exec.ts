// `firedrill exec -- COMMAND`: any program, in any language, against providers that fail as a
// scenario says.
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../errors.ts';
import { execText } from '../formats/exec-text.ts';
import { targetsFiles } from '../project.ts';
import type { HistoryWriter } from '../run/history-file.ts';
import { writeHistory } from '../run/history-file.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { oneScenario, wholeNumber } from './options.ts';

interface ExecWords {
  scenario: string;
  seed: number;
  port: number;
  targets?: string;
  out?: string;
}

const examples = `
Examples:
  firedrill exec -- python app.py                             no faults: what does it send?
  firedrill exec --scenario provider-outage -- ./ask.sh       the providers fail as the scenario says

It finds them by OPENAI_BASE_URL, ANTHROPIC_BASE_URL and GOOGLE_GEMINI_BASE_URL, with keys that are none.
`;

export const execCommand: MakeCommand = (context) => ({
  name: 'exec',
  define(program: Command, finish) {
    program
      .command('exec')
      .description('run any command against failing providers, and judge what crossed the wire')
      .argument('<command...>', 'behind --: a program and its arguments')
      .option('--scenario <name>', 'how providers fail, from the start of the command', 'healthy')
      .option('--seed <n>', 'root of all randomness', wholeNumber(0), 1)
      .option('--port <n>', 'where providers are played; 0: a free port', wholeNumber(0), 0)
      .option('--targets <file>', 'a targets file of your own, beside the shipped one')
      .option('--out <dir>', 'where history.jsonl is kept (default: nowhere)')
      .addHelpText('after', examples)
      .action((command: string[], words: ExecWords) =>
        finish(() => executed(context, command, words)),
      );
  },
});

async function executed(
  context: CommandContext,
  words: string[],
  { scenario: named, seed, port, targets, out }: ExecWords,
): Promise<ExitCode> {
  const { cwd, signal } = context;
  const [name, ...args] = words;
  if (name === undefined) throw new InputError('there is no command: write it behind --');
  const scenario = oneScenario(named, cwd);
  const { execute } = await import('../realtime/exec.ts');
  const history = out === undefined ? null : historyIn(resolve(cwd, out));
  try {
    const { code, seen } = await execute({
      command: [name, ...args],
      scenario,
      seed,
      port,
      targetsFiles: targetsFiles(cwd, targets),
      cwd,
      record: (event) => history?.record(event),
      signal,
    });
    history?.close();
    context.out(execText(seen));
    return seen.rules.some(([, { status }]) => status === 'violated') ? 1 : code;
  } catch (error) {
    history?.discard();
    if (signal.aborted) return 130;
    throw error;
  }
}

function historyIn(dir: string): HistoryWriter {
  mkdirSync(dir, { recursive: true });
  return writeHistory(join(dir, 'history.jsonl'));
}
