// One trial in real time: the providers on a port of their own, the system started fresh, the calls
// put to it over HTTP as a client of its would, and everything stopped again.
import type { Chain } from '../chains/chain.ts';
import { askEndpoint } from '../endpoint/endpoint.ts';
import type { Recorder } from '../history.ts';
import { findWorkload } from '../project.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { drillKeys } from '../trial/drill-keys.ts';
import type { TrialResult } from '../trial/trial.ts';
import { runTrial } from '../trial/trial.ts';
import { epochMs } from '../trial/trial-job.ts';
import { createAnswerBook } from '../upstream/answer-book.ts';
import { createTargets, readTargets } from '../upstream/targets.ts';
import { wires } from '../wires/index.ts';
import type { LoopbackStage } from './loopback-stage.ts';
import { openLoopbackStage } from './loopback-stage.ts';
import { realClock } from './real-clock.ts';
import type { RealSystem, RunningSystem } from './real-system.ts';

export interface RealTrialOptions {
  system: RealSystem;
  scenario: Scenario;
  trial: number;
  seed: number;
  targetsFiles: string[];
  cwd: string;
  /** A folder of its own, kept: what the system was told, and what it printed. */
  dir: string;
  record: Recorder;
  signal: AbortSignal;
}

/** Rejects with HarnessError or InputError; with the signal's reason where it aborts. */
export async function runRealTrial(options: RealTrialOptions): Promise<TrialResult> {
  const { system, dir, signal } = options;
  signal.throwIfAborted();
  const stage = await openLoopbackStage(system.port);
  try {
    const running = await system.start({ origin: stage.origin, dir, signal });
    try {
      return await drilled(options, stage, running);
    } finally {
      await running.stop();
    }
  } finally {
    await stage.close();
  }
}

async function drilled(
  { system, scenario, trial, seed, targetsFiles, cwd, record, signal }: RealTrialOptions,
  stage: LoopbackStage,
  running: RunningSystem,
): Promise<TrialResult> {
  const { name, targets, limits, stream } = system;
  const { baseURL, headers, model } = running;
  const chain: Chain = {
    name,
    targets,
    limits,
    stream,
    degradeText: null,
    hosts: [],
    isolate: false,
    factory: () =>
      askEndpoint(fetch, {
        origin: baseURL,
        path: `${new URL(baseURL).pathname.replace(/\/$/, '')}/chat/completions`,
        headers,
        model,
        targets,
        stream,
      }),
  };
  const broken = new AbortController();
  running.crashed?.then((error) => broken.abort(error));
  const clock = realClock(AbortSignal.any([signal, broken.signal]));
  return runTrial({
    scenario: { ...scenario, drain: drainOf(scenario) },
    chain,
    primary: targets[0] ?? '',
    trial,
    seed,
    twin: null,
    clockKind: 'real',
    book: createAnswerBook(findWorkload(scenario.workload, cwd)),
    targets: createTargets(readTargets(targetsFiles)),
    wires: Object.values(wires),
    network: stage,
    clock,
    epochMs,
    keys: drillKeys,
    record,
  });
}

/** Nobody waits twenty minutes of the wall for a call whose limit is seconds. */
function drainOf({ drain, limits }: Scenario): number {
  return Math.min(drain, 2 * limits.deadlineMs);
}
