// Drills every system on one scenario set, one system after the other, and puts the rows of their
// reports side by side. Each keeps its run beside the scorecard, for whoever doubts a cell.
import { join } from 'node:path';
import type { ReferenceSettings } from '../chains/settings.ts';
import { drillWords, scenarioWords } from '../command-words.ts';
import { messageOf } from '../errors.ts';
import type { Provenance } from '../provenance.ts';
import { run } from '../run/run.ts';
import { RunFolder } from '../run/run-folder.ts';
import { wordedPlan } from '../run/worded-plan.ts';
import { version } from '../version.ts';
import { cellOf } from './cells.ts';
import type { Scorecard, ScorecardCell, ScorecardSystem } from './scorecard-report.ts';
import { scorecardVersion } from './scorecard-report.ts';
import type { System } from './system.ts';

export interface ScorecardOptions {
  /** As it was written, from `cwd`. */
  chain: string;
  settings: ReferenceSettings;
  /** Each with the word that finds it again. */
  scenarios: ReadonlyMap<string, string>;
  systems: readonly System[];
  /** A targets file beside the shipped one, as it was written. */
  targets: string | undefined;
  seed: number;
  trials: number;
  workers: number;
  cwd: string;
  /** Where each system's run is kept, by its name. */
  runs: string;
  /** The date that it bears: YYYY-MM-DD. */
  today: string;
  signal: AbortSignal;
  onSystem(name: string): void;
  onProgress(done: number, total: number): void;
}

/** Null where it was interrupted. A system that cannot be drilled is told in the scorecard. */
export async function makeScorecard(options: ScorecardOptions): Promise<Scorecard | null> {
  const systems: ScorecardSystem[] = [];
  const cells: ScorecardCell[] = [];
  const described = new Map<string, string>();
  const answers = new Map<string, Provenance>();
  for (const system of options.systems) {
    const { through: _, missing, ...told } = system;
    let error = missing === null ? null : `not installed: ${missing}`;
    if (error === null) {
      options.onSystem(system.name);
      try {
        const drilled = await drill(options, system, described, answers);
        if (drilled === null) return null;
        cells.push(...drilled);
      } catch (cause) {
        error = messageOf(cause);
      }
    }
    systems.push({ ...told, error });
  }
  const { settings, seed, trials, today } = options;
  return {
    version: scorecardVersion,
    tool: { name: 'firedrill', version },
    made: today,
    chain: settings.name,
    targets: settings.targets.map(({ name }) => name),
    seed,
    trials,
    node: process.version,
    answers: [...answers].sort().map(([target, own]) => ({ target, ...own })),
    scenarios: [...described].map(([name, description]) => ({ name, description })),
    systems,
    cells,
  };
}

async function drill(
  options: ScorecardOptions,
  { name, through }: System,
  described: Map<string, string>,
  answers: Map<string, Provenance>,
): Promise<ScorecardCell[] | null> {
  const { chain, scenarios, targets, seed, trials, workers, cwd, signal } = options;
  const words = { chain, through, seed, targets };
  const plan = wordedPlan({ ...words, trials }, scenarios.keys(), cwd);
  for (const { scenario } of plan.scenarios) described.set(scenario.name, scenario.description);
  const { report } = await run({
    plan,
    folder: new RunFolder(join(options.runs, name)),
    workers: plan.real ? plan.real.most : workers,
    resume: false,
    cwd,
    replay: { scenario: scenarioWords(plan, scenarios.values()), words: drillWords(words) },
    onProgress: options.onProgress,
    onOutput: () => {},
    signal,
  });
  const rows = report?.scenarios ?? [];
  for (const { recordings } of rows) {
    for (const [target, used] of Object.entries(recordings)) {
      const { kind, kinds, dates, models } = used;
      answers.set(target, { kind, kinds, dates, models });
    }
  }
  const primary = options.settings.targets[0]?.name ?? '';
  return report?.scenarios.map((row) => cellOf(name, primary, row)) ?? null;
}
