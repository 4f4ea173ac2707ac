// `firedrill gate`: did this change make it worse?
import { join, resolve } from 'node:path';
import type { Command } from 'commander';
import { quoted } from '../command-words.ts';
import { InputError } from '../errors.ts';
import type { Baseline } from '../gate/baseline.ts';
import { readBaselines, writeBaselines } from '../gate/baseline.ts';
import type { GateInput } from '../gate/gate.ts';
import { baselinesOf, gate } from '../gate/gate.ts';
import { gateAnnotations, gateMd } from '../gate/gate-md.ts';
import { gateText } from '../gate/gate-text.ts';
import { hashesOf } from '../gate/hashes.ts';
import { sumsInHistory } from '../gate/history-sums.ts';
import { minEffects } from '../gate/min-effects.ts';
import { historyName } from '../run/run-folder.ts';
import { writeWhole } from '../whole-file.ts';
import type { CommandContext, ExitCode, MakeCommand } from './command.ts';
import type { DrilledOptions } from './drilled.ts';
import { drilled } from './drilled.ts';
import { tellGithub } from './on-github.ts';
import { defaultWorkers, wholeNumber } from './options.ts';

interface GateWords extends DrilledOptions {
  baseline: string;
  update?: boolean;
  minEffect?: string[];
  json?: boolean;
}

const examples = `
Examples:
  firedrill gate --chain chain.ts --update          write the baseline; review and commit it
  firedrill gate --chain chain.ts                   exit 1: a threshold is breached, or it got worse
  firedrill gate --chain chain.ts --min-effect goodput=2% latency_ms.p95=500ms
`;

export const gateCommand: MakeCommand = (context) => ({
  name: 'gate',
  define(program: Command, finish) {
    program
      .command('gate')
      .description('drill a chain and compare it with its baseline: fails where it got worse')
      .argument('[scenario...]', 'names or .yaml files; without any, every scenario there is')
      .requiredOption('--chain <file>', 'a .yaml of the reference chain, or your own chain.ts')
      .option(
        '--through <name>',
        'the library or gateway to put a .yaml chain into (firedrill list libraries, gateways)',
      )
      .option('--baseline <dir>', 'where the baseline is', 'reports/baseline')
      .option('--update', 'write the baseline from this run')
      .option('--min-effect <figure=change...>', 'the least change that counts, by figure')
      .option('--seed <n>', 'root of all randomness', wholeNumber(0), 1)
      .option('--trials <n>', 'trials of each scenario', wholeNumber(1), 1)
      .option('--workers <n>', 'threads', wholeNumber(1), defaultWorkers())
      .option('--targets <file>', 'a targets file of your own, beside the shipped one')
      .option('--out <dir>', 'where the run is kept (default: reports/<run>)')
      .option('--verbose', 'show all that the chain prints, not only its first lines')
      .option('--json', 'print gate.json instead of its lines')
      .addHelpText('after', examples)
      .action((names: string[], words: GateWords) => finish(() => judge(context, names, words)));
  },
});

async function judge(
  context: CommandContext,
  names: string[],
  words: GateWords,
): Promise<ExitCode> {
  const { cwd } = context;
  const dir = resolve(cwd, words.baseline);
  const effects = minEffects(words.minEffect ?? []);
  // What is replaced need not be readable any more.
  const baselines = words.update ? new Map<string, Baseline>() : readBaselines(dir);
  const ended = await drilled(context, names, words, () => {
    if (!words.update) refuseBaseline(baselines, words);
  });
  if (ended === null) return 130;
  const { report, plan, folder, where, replay } = ended;
  const input: GateInput = {
    report,
    trials: words.trials,
    sums: sumsInHistory(folder.path(historyName)),
    hashes: hashesOf(plan, cwd),
    baselines,
    whole: names.length === 0,
    minEffects: effects,
    baselineDir: words.baseline,
    replay,
  };
  if (words.update) {
    writeBaselines(dir, baselinesOf(input), names.length === 0);
    const count = report.scenarios.length;
    context.out(
      `${words.baseline} has ${count} scenarios of ${report.chain}: review and commit it\n`,
    );
    return report.held ? 0 : 1;
  }
  const found = gate(input);
  writeWhole(join(folder.dir, 'gate.json'), `${JSON.stringify(found, null, 2)}\n`);
  writeWhole(join(folder.dir, 'gate.md'), gateMd(found));
  const chainFile = report.scenarios[0]?.files.chain ?? null;
  tellGithub(context, () => ({
    annotations: gateAnnotations(found, chainFile),
    summary: gateMd(found),
  }));
  if (words.json) context.out(`${JSON.stringify(found, null, 2)}\n`);
  else {
    context.out(gateText(found, context));
    context.out(`reports in ${where}\n`);
  }
  return found.passed ? 0 : 1;
}

/** Without a baseline, or with other seeds, nothing can be paired. */
function refuseBaseline(baselines: ReadonlyMap<string, Baseline>, words: GateWords): void {
  const { baseline, chain, seed, trials } = words;
  const [first] = baselines.values();
  if (!first) {
    throw new InputError(
      `there is no baseline in ${baseline}: write it with firedrill gate --chain ${quoted(chain)} --update, review and commit it`,
    );
  }
  for (const one of baselines.values()) {
    if (one.seed === seed && one.trials === trials) continue;
    const own = `--seed ${one.seed} --trials ${one.trials}`;
    throw new InputError(`the baseline of ${one.scenario} was made with ${own}: give the same`, {
      file: baseline,
    });
  }
}
