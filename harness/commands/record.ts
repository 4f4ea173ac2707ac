// `firedrill record`: asks real providers once, so that drills never have to.
import type { Command } from 'commander';
import { keyOf } from '../chains/target-key.ts';
import { wall } from '../clock/wall.ts';
import { putFiles } from '../importing/project-files.ts';
import { shown } from '../project.ts';
import { Budget } from '../recordings/budget.ts';
import type { RecordResult } from '../recordings/record.ts';
import { foldJournal, recordAll } from '../recordings/record.ts';
import { planRecording } from '../recordings/record-plan.ts';
import type { RecordSetting, RecordWords } from '../recordings/record-setting.ts';
import { journalOf, prepared, settingOf } from '../recordings/record-setting.ts';
import { planText, progressText, summaryText } from '../recordings/record-text.ts';
import { besideName, recordedBefore, recordedWorkload } from '../recordings/recorded-workload.ts';
import { Redaction } from '../recordings/redaction.ts';
import { withLockBeside } from '../run/run-lock.ts';
import type { Recording } from '../upstream/recording.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import { dollars, mayBegin, redactions, wholeNumber } from './options.ts';

const examples = `
This spends money: it says how much at most, and asks before it begins. What is there already, for
the same question, is not asked again; the same command goes on where it stopped.

Examples:
  firedrill record --chain chain.yaml --workload mine.yaml --max-cost 1.50
  firedrill record --chain chain.yaml --workload mine.yaml --times 3 --yes
  firedrill record --chain chain.yaml --workload mine.yaml --redact 'cust-[0-9]+' --keep-errors
`;

export const recordCommand: MakeCommand = (context) => ({
  name: 'record',
  define(program: Command, finish) {
    program
      .command('record')
      .description('ask real providers, and keep their answers byte for byte for drills')
      .requiredOption('--chain <file>', 'a .yaml chain: whose targets are asked')
      .requiredOption('--workload <name>', 'a known workload, or a .yaml file: what is asked')
      .option('--out <file>', 'the .jsonl file of recordings (default: that of the workload)')
      .option('--stream', 'ask for streams (default: as the chain does)')
      .option('--no-stream', 'ask for whole answers')
      .option('--times <n>', 'answers to each prompt, which drills draw from', wholeNumber(1), 1)
      .option('--max-cost <usd>', 'stop before it costs more, like 1.50', dollars)
      .option('--max-requests <n>', 'stop before there are more', wholeNumber(1))
      .option('--retries <n>', 'further requests after a failure that may pass', wholeNumber(0), 4)
      .option('--keep-errors', 'keep errors as recordings of errors')
      .option('--ask-unfinished', 'ask again what may have been paid when a command was killed')
      .option('--redact <regex...>', 'mask what matches, beside keys, organisations and cookies')
      .option('--yes', 'do not ask before it spends')
      .addHelpText('after', examples)
      .action((words: RecordWords) => finish(() => recordInto(context, words)));
  },
});

async function recordInto(context: CommandContext, words: RecordWords): Promise<ExitCode> {
  const setting = settingOf(words, context.cwd);
  const patterns = redactions(words.redact);
  const { plan, mostUsd } = prepared(setting);
  if (plan.jobs.length > 0) {
    const keys = plan.jobs.map(({ target }) => keyOf(target));
    if (!(await mayBegin(context, words.yes, planText(plan, mostUsd)))) return 2;
    return withLockBeside(setting.file, () =>
      record(context, setting, new Redaction(keys, patterns)),
    );
  }
  return withLockBeside(setting.file, () => record(context, setting, null));
}

/** `redaction` null: there is nothing to ask. */
async function record(
  context: CommandContext,
  setting: RecordSetting,
  redaction: Redaction | null,
): Promise<ExitCode> {
  const { words, file, cwd, workload, targets } = setting;
  const journal = journalOf(setting);
  const { plan } = prepared(setting, journal, true);
  const budget = new Budget(words.maxCost ?? null, words.maxRequests ?? null);
  let result: RecordResult | null = null;
  let there: Recording[] = [];
  const step = (): void => {
    if (context.interactive)
      context.err(`\r\u001b[K${progressText(budget.spent, plan.jobs.length)}`);
  };
  try {
    if (redaction && plan.jobs.length > 0) {
      const { realTarget } = await import('../recordings/real-target.ts');
      result = await recordAll({
        jobs: plan.jobs,
        journal,
        budget,
        redaction,
        keepErrors: words.keepErrors === true,
        retries: words.retries,
        date: new Date().toISOString().slice(0, 10),
        sleep: (ms) => pause(ms, context.signal),
        open: (target, before) => realTarget(target, wall.nowMs, before),
        price: (target) => targets.price(target),
        signal: context.signal,
        onStep: step,
      });
    }
  } finally {
    if (context.interactive && result) context.err('\r\u001b[K');
    const before = recordedBefore(file, cwd);
    there = foldJournal(file, workload.samples, setting.settings.targets, before, journal);
    journal.close();
  }
  const { jobs } = planRecording(workload.samples, setting.settings, there, words.times, []);
  const left = jobs.length;
  const { unfinished } = plan;
  const { spent } = budget;
  const kept = there.length;
  context.out(summaryText({ result, spent, kept, left, unfinished, file: shown(file, cwd) }));
  if (kept > 0) context.out(nextStep(setting));
  if (context.signal.aborted) return 130;
  return left > 0 ? 1 : 0;
}

/** The workload that `run` takes; written where the recorded one has other answers. */
function nextStep({ workload, workloadFile: own, file, cwd, words }: RecordSetting): string {
  // Several files of one workload have a workload each.
  const name = words.out === undefined ? {} : { name: besideName(workload.name, file) };
  const made = recordedWorkload(workload, own, file, cwd, name);
  if (!made) return `next: drill with workload: ${words.workload}\n`;
  const [put] = putFiles([made], cwd, false);
  return `${put?.fate ?? 'kept'}  ${shown(made.path, cwd)}\n\nnext: drill with workload: ${made.name}\n`;
}

/** Ends early when the command is interrupted. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = wall.setTimeout(done, ms);
    signal.addEventListener('abort', done, { once: true });
    function done(): void {
      wall.clearTimeout(timer);
      signal.removeEventListener('abort', done);
      resolve();
    }
  });
}
