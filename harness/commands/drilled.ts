// A run as commands start one: words in; history, reports, notes and warnings out.
import { basename, extname, resolve } from 'node:path';
import { throughName } from '../adapters/through.ts';
import { InputError } from '../errors.ts';
import { oneLine } from '../formats/clean-text.ts';
import { githubWords } from '../formats/github-text.ts';
import { warningsOf } from '../formats/warnings.ts';
import type { LiveWords } from '../live/live-setting.ts';
import { liveSetupOf, liveText } from '../live/live-setting.ts';
import type { LiveSetup } from '../live/live-setup.ts';
import { usualCalls } from '../live/live-setup.ts';
import { shown, targetsFiles, wordedScenarios } from '../project.ts';
import type { Spent } from '../recordings/budget.ts';
import { spentText } from '../recordings/record-text.ts';
import type { Report } from '../report.ts';
import { ChainOutput, hiddenText } from '../run/chain-output.ts';
import type { Plan } from '../run/plan.ts';
import { makePlan } from '../run/plan.ts';
import { createProgress } from '../run/progress.ts';
import { run } from '../run/run.ts';
import { RunFolder, runName, unfinishedRun } from '../run/run-folder.ts';
import type { Shard } from '../run/shard.ts';
import { shardOf } from '../run/shard-plan.ts';
import type { CommandContext } from './command.ts';
import { tellGithub } from './on-github.ts';
import { mayBegin, quoted } from './options.ts';

export interface DrilledOptions extends LiveWords {
  chain: string;
  through?: string;
  seed: number;
  trials: number;
  workers: number;
  shard?: Shard;
  resume?: boolean;
  out?: string;
  targets?: string;
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
  const whole = planOf(options, [...worded.keys()], cwd);
  const plan = options.shard ? shardOf(whole, options.shard) : whole;
  ready(plan);
  const live = liveOf(options, plan, cwd);
  if (live && !(await mayBegin(context, options.yes, liveText(live, plan)))) return null;
  const folder = new RunFolder(folderOf(context, plan, options));
  const progress = createProgress(context);
  const targets = options.targets === undefined ? [] : ['--targets', options.targets];
  const through = options.through === undefined ? [] : ['--through', options.through];
  const seed = ['--seed', String(options.seed)];
  const words = ['--chain', options.chain, ...through, ...seed, ...targets].map(quoted);
  // A scenario's name need not be that of its file: only the words that found it find it again.
  const found = [...worded.values()];
  const wordOf = (name: string): string =>
    found[plan.scenarios.findIndex(({ scenario }) => scenario.name === name)] ?? name;
  const notes: string[] = [];
  const output = new ChainOutput(context.err, options.verbose);
  let spent: Spent | null = null;
  let result: Awaited<ReturnType<typeof run>>;
  try {
    result = await run({
      plan,
      folder,
      workers: options.workers,
      resume: options.resume === true,
      cwd,
      replay: { scenario: (name) => quoted(wordOf(name)), words: words.join(' ') },
      onProgress: (done, total) => progress.step(done, total),
      onNote: (text) => notes.push(text),
      onOutput: (text) => output.take(text),
      ...(live ? { live } : {}),
      onSpent: (now) => {
        spent = now;
      },
      signal,
    });
  } finally {
    progress.stop();
    const hidden = hiddenText(output);
    if (hidden !== null) notes.push(hidden);
    if (spent) notes.push(`spent: ${spentText(spent)}`);
    for (const note of notes) context.err(`note: ${oneLine(note)}\n`);
  }
  const where = shown(folder.dir, cwd);
  if (!result.report) {
    context.err(
      `interrupted: ${result.done} of ${result.total} trials are kept in ${where}; go on with --resume --out ${where}\n`,
    );
    return null;
  }
  const { report } = result;
  tellGithub(context, () => githubWords(report));
  for (const warning of warningsOf(report)) context.err(`${oneLine(warning)}\n`);
  return {
    plan,
    folder,
    report,
    where,
    replay: (scenario, { trial, call }) =>
      `firedrill replay ${quoted(wordOf(scenario))} ${words.join(' ')} --trial ${trial} --call ${call}`,
  };
}

/** Null: recordings answer. */
function liveOf(options: DrilledOptions, plan: Plan, cwd: string): LiveSetup | null {
  const { live } = plan;
  if (!live) return null;
  return liveSetupOf(options, { ...plan, live }, new Date().toISOString().slice(0, 10), cwd);
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

function planOf(options: DrilledOptions, scenarios: string[], cwd: string): Plan {
  const { chain, through, targets, seed, trials } = options;
  const own = targets === undefined ? [] : [resolve(cwd, targets)];
  return makePlan({
    chainFile: resolve(cwd, chain),
    through,
    scenarioFiles: scenarios,
    targetsFiles: [...targetsFiles(cwd), ...own],
    seed,
    trials,
    cwd,
    ...(options.live ? { live: { calls: options.calls ?? usualCalls } } : {}),
  });
}
