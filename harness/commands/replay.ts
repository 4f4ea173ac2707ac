// `firedrill replay`: one call again, bit by bit the same, as a timeline.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Command } from 'commander';
import type { DrillWords } from '../command-words.ts';
import { InputError } from '../errors.ts';
import { callTimeline } from '../formats/timeline-text.ts';
import { callsIn } from '../outcome/calls-in.ts';
import { scenarioFiles } from '../project.ts';
import { ChainOutput, hiddenText } from '../run/chain-output.ts';
import { readHistory } from '../run/history-file.ts';
import { runJobs } from '../run/run-jobs.ts';
import { finishSpun } from '../run/spun-trial.ts';
import { wordedPlan } from '../run/worded-plan.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { wholeNumber } from './options.ts';

interface ReplayOptions extends DrillWords {
  trial: number;
  call: number;
  verbose?: boolean;
}

export const replayCommand: MakeCommand = (context) => ({
  name: 'replay',
  define(program: Command, finish) {
    program
      .command('replay')
      .description('run one trial again and show one of its calls as a timeline')
      .argument('<scenario>', 'a name or a .yaml file')
      .requiredOption('--chain <file>', 'the chain of the run')
      .option('--through <library>', 'the library of the run')
      .requiredOption('--call <n>', 'the number of the call', wholeNumber(1))
      .option('--seed <n>', 'the seed of the run', wholeNumber(0), 1)
      .option('--trial <n>', 'the number of the trial', wholeNumber(1), 1)
      .option('--targets <file>', 'the targets file of the run')
      .option('--verbose', 'show all that the chain prints in the whole trial')
      .addHelpText(
        'after',
        '\nExample:\n  firedrill replay openai-outage --chain chain.ts --seed 1 --call 312\n',
      )
      .action((scenario: string, options: ReplayOptions) =>
        finish(() => replay(context, scenario, options)),
      );
  },
});

async function replay(
  context: CommandContext,
  scenario: string,
  options: ReplayOptions,
): Promise<ExitCode> {
  const { cwd, signal } = context;
  const words = { ...options, trials: options.trial };
  const plan = wordedPlan(words, scenarioFiles([scenario], cwd), cwd);
  const job = plan.jobs.find((one) => one.trial === options.trial && one.twin === null);
  const [planned] = plan.scenarios;
  if (!job || !planned) throw new InputError(`there is no trial ${options.trial}`);
  const output = new ChainOutput(context.err, options.verbose);
  const dir = mkdtempSync(join(tmpdir(), 'firedrill-'));
  try {
    const partFile = join(dir, 'replay.jsonl');
    await runJobs({
      plan,
      cwd,
      logs: join(dir, 'systems'),
      jobs: [{ ...job, partFile }],
      workers: 1,
      signal,
      onDone: () => {},
      onOutput: (text) => output.take(text),
      onSpin: (spun, nowMs) => {
        finishSpun(spun.partFile, nowMs, { scenario: planned.scenario, cwd });
      },
    });
    if (signal.aborted) return 130;
    context.out(timelineOf(partFile, options.call, scenario));
    const hidden = hiddenText(output);
    if (hidden !== null) context.err(`note: ${hidden}\n`);
    return 0;
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

function timelineOf(file: string, call: number, scenario: string): string {
  let calls = 0;
  for (const { trial, record } of callsIn(readHistory(file))) {
    if (record.call.call === call) return callTimeline(record, trial);
    calls++;
  }
  throw new InputError(`${scenario} has ${calls} calls: there is no call ${call}`);
}
