// A comparison from its words to its ranking: candidates, weights, drilling, report. Everything
// that can be wrong is told before anything is drilled.
import { existsSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse } from 'yaml';
import { parseReferenceSettings } from '../chains/reference-config.ts';
import { wall } from '../clock/wall.ts';
import { drillWords, replayLine, runLine, scenarioWords } from '../command-words.ts';
import { InputError } from '../errors.ts';
import { findWorkload, knownScenarios, shown } from '../project.ts';
import type { TargetProvenance } from '../provenance.ts';
import { isHttpChain } from '../realtime/http-chain.ts';
import type { Plan } from '../run/plan.ts';
import { wordedPlan } from '../run/worded-plan.ts';
import { readText } from '../scenario/yaml-file.ts';
import { provenanceIn } from '../upstream/provenance.ts';
import { version } from '../version.ts';
import { writeWhole } from '../whole-file.ts';
import type { Candidate, ChainValue } from './candidate.ts';
import { fileCandidates, variantCandidates } from './candidate.ts';
import { ranked } from './compare.ts';
import type { CompareReport } from './compare-report.ts';
import { compareVersion } from './compare-report.ts';
import { drillCandidates } from './drill-candidates.ts';
import { permuted } from './permute.ts';
import { recommend } from './recommend.ts';
import { varied } from './vary.ts';
import { readWeights, shippedWeights } from './weights.ts';

export interface ComparisonOptions {
  /** As they were written; the first is the current chain. */
  chains: readonly string[];
  permute: boolean;
  upTo: number | null;
  vary: readonly string[];
  weights: string | null;
  /** Files, each with the word that finds it again. */
  scenarios: ReadonlyMap<string, string>;
  /** A targets file beside the shipped one, as it was written. */
  targets: string | undefined;
  seed: number;
  trials: number;
  workers: number;
  cwd: string;
  /** Where chains that were made are kept. */
  dir: string;
  signal: AbortSignal;
  onProgress(done: number, total: number): void;
  onOutput?(text: string): void;
}

/** Null where it was interrupted. */
export async function runComparison(options: ComparisonOptions): Promise<CompareReport | null> {
  const startedMs = wall.nowMs();
  const { cwd, dir, seed, trials, workers } = options;
  const candidates = candidatesOf(options);
  const plan = plansOf(options, candidates);
  const weightsFile = options.weights === null ? shippedWeights : resolve(cwd, options.weights);
  const names = plan.scenarios.map(({ scenario }) => scenario.name);
  const shownWeights = options.weights === null ? 'fixtures/weights.yaml' : options.weights;
  const known = [...knownScenarios(cwd).keys()];
  const weights = readWeights(weightsFile, shownWeights, names, known);
  writeChains(dir, candidates);
  const scores = await drillCandidates({ ...options, candidates, plan });
  if (scores === null) return null;
  const words = wordsOf(options, plan);
  const rows = ranked({
    candidates,
    scenarios: plan.scenarios.map(({ scenario: { name, workload } }) => ({
      name,
      workload,
      share: weights.shares.get(name) ?? 0,
    })),
    scores,
    seed,
    shown: (file) => shown(file, cwd),
    ...words,
  });
  return {
    version: compareVersion,
    tool: { name: 'firedrill', version },
    seed,
    trials,
    weights: { file: shownWeights, source: weights.source },
    scenarios: plan.scenarios.map(({ scenario: { name, description } }) => ({
      name,
      description,
      share: weights.shares.get(name) ?? 0,
    })),
    answers: answersOf(plan, cwd),
    candidates: rows,
    recommendation: recommend(rows),
    calls: rows.flatMap(({ cells }) => cells).reduce((sum, { calls }) => sum + calls, 0),
    wall: { ms: Math.round(wall.nowMs() - startedMs), workers, node: process.version },
  };
}

function candidatesOf({ chains, permute, upTo, vary, cwd, dir }: ComparisonOptions): Candidate[] {
  const files = chains.map((chain) => resolve(cwd, chain));
  const [file = '', ...others] = files;
  const shownFile = shown(file, cwd);
  if (upTo !== null && !permute) throw new InputError('--up-to goes with --permute: write both');
  if (permute && vary.length > 0) {
    throw new InputError('--permute and --vary change one chain in two ways: give one of them');
  }
  const isVaried = permute || vary.length > 0;
  const option = permute ? '--permute' : '--vary';
  for (const each of files) refuseFile(each, shown(each, cwd));
  if (!isVaried) {
    if (others.length === 0) {
      throw new InputError(
        'one chain is no comparison: give a second --chain, or --permute, or --vary',
      );
    }
    return fileCandidates(files, cwd);
  }
  if (others.length > 0) throw new InputError(`${option} takes one --chain, found ${files.length}`);
  if (!/\.ya?ml$/.test(file)) {
    throw new InputError(
      `${option} takes a .yaml chain file: nobody can change your own code; give each version as a --chain`,
      { file: shownFile },
    );
  }
  const text = readText(file, shownFile);
  // What is wrong with the file itself is told at its own line.
  parseReferenceSettings(text, file);
  const value = parse(text) as ChainValue;
  const variants = permute ? permuted(value, upTo, shownFile) : varied(value, vary, shownFile);
  const made = variantCandidates({ file, text, shown: shownFile }, variants, join(dir, 'chains'));
  if (made.length > 1) return made;
  throw new InputError(`${option}: every chain is the one that is there already`, {
    file: shownFile,
  });
}

function refuseFile(file: string, name: string): void {
  if (!existsSync(file)) throw new InputError('there is no such chain file', { file: name });
  if (!/\.ya?ml$/.test(file) || !isHttpChain(file)) return;
  throw new InputError(
    'is an address: what answers there runs in real time; give the chain behind it, as .yaml or code',
    { file: name },
  );
}

/** The user's files are checked against the scenarios; of chains that were made the first is. */
function plansOf(options: ComparisonOptions, candidates: readonly Candidate[]): Plan {
  const { scenarios, targets, seed, trials, cwd } = options;
  const [first, ...others] = candidates
    .filter(({ text }) => text === null)
    .map(({ file }) => {
      return wordedPlan({ chain: file, seed, targets, trials }, scenarios.keys(), cwd);
    });
  const broken = [first, ...others].find((plan) => !plan || plan.real !== null);
  if (!first || broken) throw new Error('a chain that cannot be compared');
  return first;
}

function writeChains(dir: string, candidates: readonly Candidate[]): void {
  const made = candidates.filter(({ text }) => text !== null);
  // Those of an earlier comparison are none of this one's.
  if (made.length > 0) rmSync(join(dir, 'chains'), { recursive: true, force: true });
  for (const { file, text } of made) writeWhole(file, text ?? '');
}

function wordsOf(
  { scenarios, seed, targets, trials, cwd }: ComparisonOptions,
  plan: Plan,
): {
  again(file: string, scenario: string): string;
  replay(file: string, scenario: string, at: { trial: number; call: number }): string;
} {
  const named = scenarioWords(plan, scenarios.values());
  const words = (file: string): string => drillWords({ chain: shown(file, cwd), seed, targets });
  return {
    again: (file, name) => runLine(named(name), words(file), trials),
    replay: (file, name, at) => replayLine(named(name), words(file), at),
  };
}

function answersOf(plan: Plan, cwd: string): TargetProvenance[] {
  const workloads = new Set(plan.scenarios.map(({ scenario }) => scenario.workload));
  return provenanceIn([...workloads].flatMap((name) => findWorkload(name, cwd).recordings));
}
