// `firedrill exec -- COMMAND`: any program, in any language, against providers that fail as a
// scenario says.
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { InputError } from '../errors.ts';
import { execText } from '../formats/exec-text.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import { createJoin } from '../outcome/join.ts';
import { scenarioFiles, targetsFiles } from '../project.ts';
import { readHistory, writeHistory } from '../run/history-file.ts';
import { readScenario } from '../scenario/scenario.ts';
import type { InvariantReport, InvariantTallies } from '../scoring/judge-invariants.ts';
import { judgeInvariants, reportInvariants } from '../scoring/judge-invariants.ts';
import { viewOf } from '../trial/setting.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { wholeNumber } from './options.ts';

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
  const [file, second] = scenarioFiles([named], cwd);
  if (file === undefined || second !== undefined) {
    throw new InputError(`--scenario ${named}: expected one scenario, that is a folder of them`);
  }
  const own = targets === undefined ? [] : [resolve(cwd, targets)];
  const dir =
    out === undefined ? mkdtempSync(join(tmpdir(), 'firedrill-exec-')) : resolve(cwd, out);
  const { execute, wireRules } = await import('../realtime/exec.ts');
  const historyFile = join(dir, 'history.jsonl');
  mkdirSync(dir, { recursive: true });
  const history = writeHistory(historyFile);
  try {
    const { code, scores } = await execute({
      command: [name, ...args],
      scenario: readScenario(file),
      seed,
      port,
      targetsFiles: [...targetsFiles(cwd), ...own],
      cwd,
      record: history.record,
      signal,
    });
    history.close();
    const reports = reportInvariants(scores.tallies[judgeInvariants.name] as InvariantTallies);
    const judged = wireRules.flatMap((id): [string, InvariantReport][] => {
      const report = reports[id];
      return report ? [[id, report]] : [];
    });
    context.out(execText(recordsIn(historyFile), judged));
    return judged.some(([, { status }]) => status === 'violated') ? 1 : code;
  } catch (error) {
    history.discard();
    if (signal.aborted) return 130;
    throw error;
  } finally {
    if (out === undefined) rmSync(dir, { recursive: true, force: true });
  }
}

function recordsIn(file: string): CallRecord[] {
  const records: CallRecord[] = [];
  let join: ReturnType<typeof createJoin> | null = null;
  for (const event of readHistory(file)) {
    if (event.e === 'trial') join = createJoin(viewOf(event), (record) => records.push(record));
    join?.event(event);
  }
  join?.end();
  return records.sort((a, b) => a.call.call - b.call.call);
}
