// A trial as a worker runs it: virtual time, seeded randomness and the history file around it.
import type { Chain } from '../chains/chain.ts';
import { installVirtualTime } from '../clock/clock.ts';
import type { SeededRandom } from '../clock/random-globals.ts';
import { alarms, elapsedMs } from '../clock/virtual-clock.ts';
import { setTimers } from '../clock/virtual-timers.ts';
import { HarnessError } from '../errors.ts';
import type { CallerError, HistoryEvent, Recorder } from '../history.ts';
import { byVerdicts } from '../judge/grader.ts';
import type { Verdicts } from '../judge/verdict.ts';
import { drawn } from '../judge/verdict.ts';
import type { Network } from '../network/network.ts';
import { findWorkload } from '../project.ts';
import { stream } from '../rng.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { TwinKind } from '../twin-kind.ts';
import type { AnswerBook } from '../upstream/answer-book.ts';
import { createAnswerBook } from '../upstream/answer-book.ts';
import type { Targets } from '../upstream/targets.ts';
import { wires } from '../wires/index.ts';
import type { Asked } from '../wires/wire.ts';
import type { Workload } from '../workloads/workload.ts';
import type { Crashes } from './crashes.ts';
import { drillKeys } from './drill-keys.ts';
import type { TrialResult } from './trial.ts';
import { runTrial } from './trial.ts';
import type { TrialClock } from './trial-clock.ts';
import { trialSeed } from './trial-event.ts';
import { watchedWires } from './watched-wires.ts';

/** The instant at which every trial starts: a Monday morning. */
export const epochMs = Date.UTC(2026, 0, 5, 9);

export interface Bench {
  chain: Chain;
  targets: Targets;
  network: Network;
  crashes?: Crashes;
  random: SeededRandom;
  seed: number;
  cwd: string;
  /** Workloads by name, each with what its judge says where it has one. */
  books: Map<string, Shelved>;
  /** The first target by workload, where the chain does not say. */
  primaries: Map<string, string>;
}

interface Shelved {
  workload: Workload;
  book: AnswerBook;
  /** All there are; a trial draws among them. Null without a judge. */
  verdicts: Verdicts | null;
}

export interface TrialOrder {
  scenario: Scenario;
  trial: number;
  twin: TwinKind | null;
  record: Recorder;
  beat?(call: number, nowMs: number): void;
  /** Gets every request with the number of its attempt; requests are in no history. */
  seen?(attempt: number, asked: Asked): void;
  /** Only samples that this target has an answer to are asked. */
  answeredBy?: string;
}

/** The judge is asked once in a thread, and only where there is one: it needs an SDK of its own. */
async function shelved(bench: Bench, name: string, beat?: TrialOrder['beat']): Promise<Shelved> {
  const known = bench.books.get(name);
  if (known) return known;
  const workload = findWorkload(name, bench.cwd);
  let verdicts: Verdicts | null = null;
  if (workload.judge) {
    const { judgeAll } = await import('../judge/judging.ts');
    const { targets, network, random, seed } = bench;
    const asked = { targets, network, random, seed, keys: drillKeys, epochMs };
    verdicts = await judgeAll(workload, { ...asked, beat: () => beat?.(0, 0) });
  }
  const found = { workload, book: createAnswerBook(workload), verdicts };
  bench.books.set(name, found);
  return found;
}

function askedOf(book: AnswerBook, target: string | undefined): AnswerBook {
  if (target === undefined) return book;
  return { ...book, samples: book.samples.filter(({ id }) => book.find(id, target, 0) !== null) };
}

/** Runs one trial from a fresh clock, and leaves no timer behind. */
export async function runJob(bench: Bench, order: TrialOrder): Promise<TrialResult> {
  const { scenario } = order;
  const primary = knownPrimary(bench, scenario) ?? (await findPrimary(bench, scenario));
  return drilled(bench, order, primary);
}

async function drilled(bench: Bench, order: TrialOrder, primary: string): Promise<TrialResult> {
  const { scenario, trial } = order;
  const { workload, verdicts, book } = await shelved(bench, scenario.workload, order.beat);
  const seed = trialSeed(bench.seed, scenario.name, trial);
  const judged = verdicts && drawn(verdicts, seed);
  bench.random.reseed(stream(seed, 'chain'));
  const time = installVirtualTime({ startEpochMs: epochMs, realWork: 'auto' });
  const clock: TrialClock = {
    now: elapsedMs,
    timers: alarms,
    setTimers,
    drive: (drive) => time.drive(drive),
  };
  try {
    return await runTrial({
      ...order,
      chain: bench.chain,
      primary,
      seed: bench.seed,
      book: askedOf(
        judged ? createAnswerBook(workload, byVerdicts(judged)) : book,
        order.answeredBy,
      ),
      ...(judged ? { judged } : {}),
      targets: bench.targets,
      wires: watchedWires(Object.values(wires), order.seen),
      network: bench.network,
      ...(bench.crashes ? { crashes: bench.crashes } : {}),
      clock,
      epochMs,
      keys: drillKeys,
    });
  } finally {
    time.uninstall();
  }
}

function thrownText({ name, message, causes }: CallerError): string {
  return [`${name}: ${message}`, ...causes].join(', because of ');
}

/** The chain's first target, as it says or as it was found before. */
export function knownPrimary({ chain, primaries }: Bench, { workload }: Scenario): string | null {
  return chain.targets[0] ?? primaries.get(workload) ?? null;
}

/** The first target that the chain asks when nothing is wrong: for a text, if it asks for any. */
export async function findPrimary(bench: Bench, scenario: Scenario): Promise<string> {
  let first: string | null = null;
  const { canary: _, ...rest } = scenario;
  let searched: string | null = null;
  const probe: Scenario = {
    ...rest,
    name: 'probe',
    arrival: { rate: 1, for: 1, spread: 'even' },
    faults: [],
    caller: [],
  };
  let came = 'answered';
  const record = (event: HistoryEvent): void => {
    if (event.e === 'attempt') {
      const target = `${event.provider}/${event.model}`;
      if (event.vectors) searched ??= target;
      else first ??= target;
    }
    if (event.e === 'answer' && event.error) came = `threw ${thrownText(event.error)}`;
    if (event.e === 'hung') came = 'never ended';
  };
  await drilled(bench, { scenario: probe, trial: 1, twin: null, record }, '');
  first ??= searched;
  if (first === null) {
    throw new HarnessError(
      `${bench.chain.name} ${came} without calling any model: nothing can be drilled`,
    );
  }
  bench.primaries.set(scenario.workload, first);
  return first;
}
