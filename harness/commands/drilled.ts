// A run as commands start one: words in; history, reports, notes and warnings out.
import { basename, extname, resolve } from 'node:path';
import { throughName } from '../adapters/through.ts';
import type { DrillWords } from '../command-words.ts';
import { drillWords, scenarioWords } from '../command-words.ts';
import { InputError } from '../errors.ts';
import { oneLine } from '../formats/clean-text.ts';
import { githubWords } from '../formats/github-text.ts';
import { warningsOf } from '../formats/warnings.ts';
import type { LiveWords } from '../live/live-setting.ts';
import { liveSetupOf, liveText, liveWordsOf } from '../live/live-setting.ts';
import type { LiveSetup } from '../live/live-setup.ts';
import { usualCalls } from '../live/live-setup.ts';
import { shown, wordedScenarios } from '../project.ts';
import type { Spent } from '../recordings/budget.ts';
import { spentText } from '../recordings/record-text.ts';
import type { Report } from '../report.ts';
import type { Plan } from '../run/plan.ts';
import { replayWords } from '../run/replay-words.ts';
import type { RunOptions } from '../run/run.ts';
import { run } from '../run/run.ts';
import { RunFolder, runName, unfinishedRun } from '../run/run-folder.ts';
import type { Shard } from '../run/shard.ts';
import { shardOf } from '../run/shard-plan.ts';
import { wordedPlan } from '../run/worded-plan.ts';
import type { CommandContext } from './command.ts';
import { tellGithub } from './on-github.ts';
import { mayBegin } from './options.ts';
import { watched } from './watched.ts';

export interface DrilledOptions extends DrillWords, LiveWords {
  trials: number;
  workers: number;
  shard?: Shard;
  resume?: boolean;
  out?: string;
  verbose?: boolean;
}

export interface Drilled {
  plan: Plan;
  folder: RunFolder;
  report: Report;
  /** The folder, as messages name it. */
  where: string;
  /** The words of `firedrill replay` for a call. */
  replay(scenario: string, at: { trial: number; call: number }): string;
}

/**
 * Null where it was interrupted, or not begun, which is told. `ready` may refuse the plan before
 * that.
 */
export async function drilled(
  context: CommandContext,
  names: string[],
  options: DrilledOptions,
  ready: (plan: Plan) => void = () => {},
): Promise<Drilled | null> {
  const { cwd, signal } = context;
  const worded = wordedScenarios(names, cwd);
  const wanted = options.live ? { calls: options.calls ?? usualCalls } : undefined;
  const whole = wordedPlan(options, worded.keys(), cwd, wanted);
  const plan = options.shard ? shardOf(whole, options.shard) : whole;
  ready(plan);
  const live = liveOf(options, plan, cwd);
  if (live && !(await mayBegin(context, options.yes, liveText(live, plan)))) return null;
  const folder = new RunFolder(folderOf(context, plan, options));
  const result = await watched(context, options.verbose, async (watch) => {
    let spent: Spent | null = null;
    try {
      return await run({
        plan,
        folder,
        workers: options.workers,
        resume: options.resume === true,
        cwd,
        replay: wordsFor(plan, worded.values(), options),
        ...watch,
        ...(live ? { live } : {}),
        onSpent: (now) => {
          spent = now;
        },
        signal,
      });
    } finally {
      if (spent) watch.onNote(`spent: ${spentText(spent)}`);
    }
  });
  const where = shown(folder.dir, cwd);
  if (!result.report) {
    context.err(
      `interrupted: what is done is kept in ${where}, ${result.done} of ${result.total} trials; go on with --resume --out ${where}\n`,
    );
    return null;
  }
  const { report } = result;
  tellGithub(context, () => githubWords(report));
  for (const warning of warningsOf(report)) context.err(`${oneLine(warning)}\n`);
  const again = replayWords(folder.read());
  const replay: Drilled['replay'] = (scenario, { trial, call }) =>
    again.replay(scenario, trial, call);
  return { plan, folder, report, where, replay };
}

/** Null: recordings answer. */
function liveOf(options: DrilledOptions, plan: Plan, cwd: string): LiveSetup | null {
  const { live } = plan;
  if (!live) return null;
  return liveSetupOf(options, { ...plan, live }, new Date().toISOString().slice(0, 10), cwd);
}

/** What brings a scenario back. */
function wordsFor(
  plan: Plan,
  worded: Iterable<string>,
  options: DrilledOptions,
): RunOptions['replay'] {
  const live = liveWordsOf(options);
  const words = drillWords(options);
  return { scenario: scenarioWords(plan, worded), words, ...(live ? { live } : {}) };
}

function folderOf(context: CommandContext, plan: Plan, options: DrilledOptions): string {
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
