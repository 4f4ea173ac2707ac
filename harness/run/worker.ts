// The worker: a thread with its own clock, randomness and network, in which chains run. The order
// matters: guard, network and virtual time are in place before the chain's code is loaded.
import { parentPort, workerData } from 'node:worker_threads';
import type { Chain } from '../chains/chain.ts';
import type { VirtualTime } from '../clock/clock.ts';
import { installVirtualTime } from '../clock/clock.ts';
import { Patches } from '../clock/patches.ts';
import { installSeededRandom } from '../clock/random-globals.ts';
import { wall } from '../clock/wall.ts';
import { HarnessError, InputError, messageOf } from '../errors.ts';
import type { Recorder } from '../history.ts';
import { takeOver } from '../live/earlier-part.ts';
import { isForwarding } from '../live/forward.ts';
import type { LiveBench } from '../live/live-bench.ts';
import { liveBench, nothingBefore, runLiveJob } from '../live/live-bench.ts';
import { ownRandom, wallTime } from '../live/own-world.ts';
import { installGuard } from '../network/guard.ts';
import { enableNetwork } from '../network/network.ts';
import type { Spent } from '../recordings/budget.ts';
import { stream } from '../rng.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { parseScenario } from '../scenario/scenario.ts';
import { isChainModule } from '../trial/chain-file.ts';
import { watchCrashes } from '../trial/crashes.ts';
import { drillVariables } from '../trial/drill-keys.ts';
import { loadChain } from '../trial/load-chain.ts';
import { transpileModules } from '../trial/transpile.ts';
import type { Bench, TrialOrder } from '../trial/trial-job.ts';
import { epochMs, findPrimary, knownPrimary, runJob } from '../trial/trial-job.ts';
import type { Targets } from '../upstream/targets.ts';
import { createTargets, readTargets } from '../upstream/targets.ts';
import { writeHistory } from './history-file.ts';
import { lightScorers } from './light-scorers.ts';
import { TrialScoring } from './make-report.ts';
import { RequestFile } from './request-file.ts';
import { allPrinted, patchStandardFiles } from './standard-files.ts';
import type { Job, StopMessage, WorkerMessage, WorkerSetup } from './worker-protocol.ts';
import { beatSlots } from './worker-protocol.ts';

const port = parentPort;
if (!port) throw new HarnessError('worker.ts runs in a worker thread only');

const setup: WorkerSetup = workerData;
const beats = new Int32Array(setup.beat);
const say = (message: WorkerMessage): void => port.postMessage(message);

/** What the chain did that cannot be drilled; the first of it ends the run. */
let escaped: string | null = null;

let loading = true;
const crashes = watchCrashes((error) => {
  if (loading) escaped ??= messageOf(error);
  // What is left of earlier trials may throw: it is part of nothing any more.
  else if (error instanceof HarnessError) {
    say({ type: 'failed', index: null, message: error.message });
  }
});

interface Opened {
  bench: Bench;
  others: Bench[];
  live: LiveBench | null;
  scenarios: Scenario[];
  /** Whether the chain's modules have state that a second trial would find. */
  isolate: boolean;
}

async function open(): Promise<Opened> {
  const isLive = setup.live !== undefined;
  if (!isLive) Object.assign(process.env, drillVariables(process.env));
  // Where Node has no synchronous hooks, tsx starts a thread of its own: the guard would refuse it.
  if (isChainModule(setup.chainFile)) transpileModules();
  installGuard(
    (what) => {
      escaped ??= what;
    },
    // The transpiler that loads the user's TypeScript is a process, and a thread, of its own.
    ({ kind, what }) =>
      kind === 'process' || kind === 'thread'
        ? /[/\\]esbuild\b/.test(what)
        : isLive && isForwarding(),
    false,
  );
  patchStandardFiles(new Patches());
  const random = isLive ? ownRandom : installSeededRandom(stream(setup.seed, 'load'));
  const network = await enableNetwork((error) => {
    if (loading) escaped ??= error.message;
  });
  const scenarios = setup.scenarios.map(({ text, file }) => parseScenario(text, file));
  const time = isLive ? wallTime : installVirtualTime({ startEpochMs: epochMs, realWork: 'auto' });
  let ticking = false;
  try {
    const { chainFile, through, floor = true } = setup;
    const chain = await whileDriven(
      time,
      loadChain(chainFile, transpileModules, { through, floor }),
    ).catch((error: unknown) => {
      throw blamed(error, `${chainFile}, while it was loaded`);
    });
    loading = false;
    // A module that sets timers as it loads has a life of its own: it goes on in one trial.
    ticking = time.timersSet() > 0;
    const files = readTargets(setup.targetsFiles);
    const targetsFor = ({ hosts }: Chain): Targets => createTargets(files, hosts);
    const targets = targetsFor(chain);
    const { seed, cwd } = setup;
    const bench: Bench = {
      chain,
      targets,
      network,
      crashes,
      random,
      seed,
      cwd,
      books: new Map(),
      primaries: new Map(Object.entries(setup.primaries)),
    };
    const others = (setup.others ?? []).map(async (file): Promise<Bench> => {
      const other = await loadChain(file, transpileModules, { floor });
      return { ...bench, chain: other, targets: targetsFor(other), primaries: new Map() };
    });
    const told = (spent: Spent): void => say({ type: 'spent', spent });
    return {
      bench,
      live: setup.live ? liveBench(setup.live, bench, told) : null,
      others: await Promise.all(others),
      scenarios,
      isolate: chain.isolate || ticking,
    };
  } finally {
    time.uninstall({ keepTimers: ticking });
  }
}

/** A module may wait for a timer while it loads: the clock has to move, until something escapes. */
async function whileDriven<T>(time: VirtualTime, loading: Promise<T>): Promise<T> {
  let settled = false;
  loading.then(
    () => {
      settled = true;
    },
    () => {
      settled = true;
    },
  );
  while (!settled && escaped === null) {
    await time.drive({ isDone: () => settled, untilMs: Number.POSITIVE_INFINITY });
    // Reading files is no virtual time: let it be done, the main thread watches how long it takes.
    await new Promise((resolve) => wall.setTimeout(resolve, 1));
  }
  return escaped === null ? loading : Promise.reject(new HarnessError(escaped));
}

async function run({ scenarios, isolate, live, ...opened }: Opened, job: Job): Promise<void> {
  const bench = (job.other === undefined ? null : opened.others[job.other]) ?? opened.bench;
  const scenario = scenarios[job.scenario];
  if (!scenario) throw new HarnessError(`the plan names scenario ${job.scenario}, there is none`);
  if (!live && isolate && knownPrimary(bench, scenario) === null) {
    const target = await findPrimary(bench, scenario);
    say({ type: 'primary', workload: scenario.workload, target });
    return;
  }
  const started = wall.nowMs();
  Atomics.store(beats, beatSlots.job, job.index + 1);
  const unbuffered = job.unbuffered || live !== null;
  const history = job.light ? null : writeHistory(job.partFile, unbuffered);
  const scoring = new TrialScoring(job.light ? lightScorers : undefined);
  const { watch } = job;
  const requests = watch && new RequestFile(watch.requestsFile);
  const record: Recorder = (event) => {
    history?.record(event);
    scoring.event(event);
  };
  try {
    const order: TrialOrder = {
      scenario,
      trial: job.trial,
      twin: job.twin,
      ...(requests ? { seen: requests.take } : {}),
      ...(watch?.answeredBy === undefined ? {} : { answeredBy: watch.answeredBy }),
      record,
      beat: (call, nowMs) => {
        Atomics.add(beats, beatSlots.beats, 1);
        Atomics.store(beats, beatSlots.call, call);
        Atomics.store(beats, beatSlots.nowMs, nowMs);
      },
    };
    if (live) {
      const before = job.goesOn ? takeOver(job.partFile, record) : nothingBefore;
      await runLiveJob(bench, live, order, before);
    } else await runJob(bench, order);
    if (escaped) throw blamed(null, bench.chain.name);
    requests?.close();
    history?.close();
  } catch (error) {
    // What was paid for is left to be read.
    if (live) history?.leave();
    else history?.discard();
    throw blamed(error, bench.chain.name);
  } finally {
    Atomics.store(beats, beatSlots.job, 0);
  }
  const scores = scoring.end();
  await allPrinted();
  say({ type: 'done', index: job.index, wallMs: Math.round(wall.nowMs() - started), scores });
}

/** What the chain did that cannot be drilled explains whatever came of it. */
function blamed(error: unknown, who: string): unknown {
  return escaped === null ? error : new HarnessError(`${who}: ${escaped}`);
}

/** One sentence for the person; a stack only where the mistake is our own. */
function told(error: unknown): string {
  if (error instanceof InputError || error instanceof HarnessError) return error.message;
  return `unexpected: ${error instanceof Error ? (error.stack ?? error.message) : messageOf(error)}`;
}

try {
  const opened = await open();
  port.on('message', (job: Job | StopMessage) => {
    if ('stop' in job) {
      opened.live?.stop.now?.(job.stop);
      return;
    }
    run(opened, job).catch((error: unknown) => {
      say({ type: 'failed', index: job.index, message: told(error) });
    });
  });
  say({ type: 'ready', isolate: opened.isolate });
} catch (error) {
  say({ type: 'failed', index: null, message: told(error) });
}
