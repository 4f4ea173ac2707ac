// Drills a block of trials of many scenarios with one chain, and judges each trial by itself, its
// twins beside it. Histories are thrown away: seed, scenario and trial bring any of them back.
import { createHash } from 'node:crypto';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import type { Outcome } from '../../harness/outcome/call-record.ts';
import { usable } from '../../harness/outcome/outcome-kinds.ts';
import { packageRoot, shippedTargets } from '../../harness/project.ts';
import type { TrialScores } from '../../harness/run/make-report.ts';
import type { Plan } from '../../harness/run/plan.ts';
import { makePlan, setupOf } from '../../harness/run/plan.ts';
import { runPool } from '../../harness/run/pool.ts';
import type { InvariantTallies } from '../../harness/scoring/judge-invariants.ts';
import { compareTwins, judgeInvariants } from '../../harness/scoring/judge-invariants.ts';
import type { Tallies } from '../../harness/scoring/score.ts';
import { twinKinds } from '../../harness/twin-kind.ts';
import type { Accusation, Block } from './state.ts';
import type { GoodChain, SoakScenario } from './what.ts';

export interface Drill {
  chain: GoodChain;
  scenarios: SoakScenario[];
  from: number;
  to: number;
  /** Whether trials have their twins beside them. */
  twins: boolean;
  seed: number;
  workers: number;
  /** For what is being written. */
  dir: string;
  signal: AbortSignal;
  onBlock(block: Block): void;
  onAccusation?(accusation: Accusation): void;
}

export function planOf(
  chain: GoodChain,
  scenarios: SoakScenario[],
  seed: number,
  to: number,
): Plan {
  return makePlan({
    chainFile: join(packageRoot, chain.file),
    scenarioFiles: scenarios.map(({ file }) => file),
    targetsFiles: [shippedTargets],
    seed,
    trials: to,
    cwd: packageRoot,
  });
}

/** Names all that a chain's verdicts depend on, but for the code that drills and judges. */
export function fingerprintOf(chain: GoodChain, scenarios: SoakScenario[], seed: number): string {
  const [full, others] = [scenarios.filter(isFull), scenarios.filter((one) => !isFull(one))];
  const parts = [full, others].filter((group) => group.length > 0);
  return shortHash(...parts.map((group) => planOf(chain, group, seed, 1).fingerprint));
}

/** Scenarios of one plan have names of their own. */
function isFull({ group }: SoakScenario): boolean {
  return group === 'full';
}

export const shortHash = (...texts: string[]): string =>
  createHash('sha256').update(texts.join('\n')).digest('hex').slice(0, 12);

/** Resolves when all blocks are judged, or the signal aborted. Rejects with HarnessError. */
export async function drill(wanted: Drill): Promise<void> {
  const { chain, scenarios, from, to, twins, seed, workers, dir, signal } = wanted;
  const plan = planOf(chain, scenarios, seed, to);
  const open = scenarios.map((scenario) => new OpenBlock(wanted, scenario));
  const jobs = plan.jobs
    .filter(({ trial, twin }) => trial >= from && (twins || twin === null))
    .map((job) => ({ ...job, partFile: join(dir, `${chain.name}-${job.index}.jsonl`) }));
  for (const { scenario } of jobs) open[scenario]?.expect();
  await runPool({
    setup: setupOf(plan, packageRoot),
    jobs,
    workers,
    signal,
    onOutput: () => {},
    onDone: ({ scenario, trial, partFile }, { scores, wallMs }) => {
      rmSync(partFile, { force: true });
      open[scenario]?.done(trial, scores, wallMs);
    },
    onSpin: ({ scenario, trial, partFile }, nowMs) => {
      rmSync(partFile, { force: true });
      open[scenario]?.spun(trial, nowMs);
    },
  });
}

/** The trials of one scenario on their way. */
class OpenBlock {
  readonly #wanted: Drill;
  readonly #scenario: SoakScenario;
  readonly #block: Block;
  /** By trial: itself and its twins, until all of them are there. */
  readonly #scores = new Map<number, TrialScores[]>();
  #open = 0;
  #each = 0;

  constructor(wanted: Drill, scenario: SoakScenario) {
    const { from, to, twins } = wanted;
    this.#wanted = wanted;
    this.#scenario = scenario;
    this.#block = {
      scenario: scenario.key,
      from,
      to,
      twins,
      calls: 0,
      usable: 0,
      drills: 0,
      ms: 0,
      exercised: {},
      accusations: [],
    };
  }

  expect(): void {
    this.#open++;
    this.#each = this.#open / (this.#wanted.to - this.#wanted.from + 1);
  }

  done(trial: number, scores: TrialScores, ms: number): void {
    const group = [...(this.#scores.get(trial) ?? []), scores];
    this.#scores.set(trial, group);
    this.#block.ms += ms;
    this.#block.drills++;
    if (group.length === this.#each) {
      this.#scores.delete(trial);
      this.#judge(trial, group);
    }
    this.#close();
  }

  spun(trial: number, nowMs: number): void {
    this.#accuse(trial, 'spin', `The chain spins from ${nowMs} ms on.`, 1);
    this.#close();
  }

  #close(): void {
    if (--this.#open === 0) this.#wanted.onBlock(this.#block);
  }

  #judge(trial: number, group: TrialScores[]): void {
    const own = group.find((one) => one.trial.twin === null);
    if (!own) return;
    let tallies = invariantsIn(own.tallies);
    for (const kind of twinKinds) {
      const twin = group.find((one) => one.trial.twin === kind);
      if (twin) tallies = compareTwins(tallies, invariantsIn(twin.tallies), kind);
    }
    const { outcomes } = own.tallies.outcomes as { outcomes: Record<Outcome, number> };
    for (const [outcome, calls] of Object.entries(outcomes)) {
      this.#block.calls += calls;
      if (usable.has(outcome as Outcome)) this.#block.usable += calls;
    }
    for (const [id, { exercised, violations, first }] of Object.entries(tallies)) {
      this.#block.exercised[id] = (this.#block.exercised[id] ?? 0) + exercised;
      if (violations > 0) this.#accuse(trial, id, first?.text ?? '', first?.call ?? 1);
    }
    const crash = own.tallies.crashes as { first: { error: string } | null };
    if (crash.first) this.#accuse(trial, 'crash', crash.first.error, 1);
  }

  #accuse(trial: number, rule: string, text: string, call: number): void {
    const { chain, seed, onAccusation } = this.#wanted;
    const { key, word } = this.#scenario;
    const replay =
      `npm run -s firedrill -- replay ${word} --chain ${chain.file} ` +
      `--seed ${seed} --trial ${trial} --call ${call}`;
    const accusation = { chain: chain.name, scenario: key, trial, rule, text, replay };
    this.#block.accusations.push(accusation);
    onAccusation?.(accusation);
  }
}

function invariantsIn(tallies: Tallies): InvariantTallies {
  return tallies[judgeInvariants.name] as InvariantTallies;
}
