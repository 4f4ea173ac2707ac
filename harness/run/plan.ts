// The plan of a run: every trial in the order of the report, and a fingerprint of all that its
// result depends on, so that a run can be resumed only as the run that it was.
import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { adapterOf } from '../adapters/through.ts';
import { readReferenceSettings } from '../chains/reference-config.ts';
import { InputError } from '../errors.ts';
import { gateways } from '../gateways/index.ts';
import type { LiveSetup } from '../live/live-setup.ts';
import { liveWorkload } from '../live/live-workload.ts';
import { findWorkload, shown } from '../project.ts';
import type { RealSystem } from '../realtime/real-system.ts';
import { realSystemOf } from '../realtime/real-system-of.ts';
import { unknownWord } from '../scenario/nearest.ts';
import { parseScenario } from '../scenario/scenario.ts';
import { parseYaml, placeIn, readText } from '../scenario/yaml-file.ts';
import { chainSources } from '../trial/chain-sources.ts';
import { twinsOf } from '../trial/twin.ts';
import type { TargetsFile } from '../upstream/targets.ts';
import { targetsSchema } from '../upstream/targets.ts';
import { version } from '../version.ts';
import type { Workload } from '../workloads/workload.ts';
import { hashOfParts } from './hash-of-parts.ts';
import type { PlannedScenario } from './planned-scenario.ts';
import { knownNames, refuseUnknown } from './refuse-unknown.ts';
import type { Shard } from './shard.ts';
import type { Job, WorkerSetup } from './worker-protocol.ts';

export interface Plan {
  chainFile: string;
  /** The library that the chain file is put into; absent: the reference chain, or its own code. */
  through?: string;
  /** Null: drilled in this process, in virtual time. */
  real: RealSystem | null;
  scenarios: PlannedScenario[];
  seed: number;
  trials: number;
  targetsFiles: string[];
  jobs: Omit<Job, 'partFile'>[];
  /** Real providers are asked, so many calls of each trial; absent: recordings answer. */
  live?: { calls: number };
  /** Which part of the run's trials `jobs` are; absent: all. */
  shard?: Shard;
  /** Equal for equal input; what `run.json` keeps. */
  fingerprint: string;
}

export interface PlanInput {
  chainFile: string;
  through?: string | undefined;
  scenarioFiles: string[];
  targetsFiles: string[];
  seed: number;
  trials: number;
  cwd: string;
  /** Real providers are asked, so many calls of each trial. */
  live?: { calls: number } | undefined;
}

/** What the workers of a plan are started with, but for what the pool adds. */
export function setupOf(
  plan: Plan,
  cwd: string,
  live?: LiveSetup,
): Omit<WorkerSetup, 'beat' | 'primaries'> {
  const { chainFile, through, targetsFiles, seed } = plan;
  const scenarios = plan.scenarios.map(({ file, text }) => ({ file, text }));
  const common = { chainFile, through, scenarios, targetsFiles, cwd, seed };
  return live ? { ...common, live } : common;
}

/** Reads and checks everything before anything runs. Throws InputError. */
export function makePlan(input: PlanInput): Plan {
  const { chainFile, through, cwd, seed, trials, targetsFiles, live } = input;
  if (!existsSync(chainFile)) {
    throw new InputError('there is no such chain file', { file: shown(chainFile, cwd) });
  }
  if (through !== undefined) refuseThrough(through, chainFile, cwd);
  const scenarios = input.scenarioFiles.map((file): PlannedScenario => {
    const name = shown(file, cwd);
    const text = readText(file, name);
    return { file: name, text, scenario: parseScenario(text, name) };
  });
  if (scenarios.length === 0) throw new InputError('there is no scenario to run');
  refuseDuplicates(scenarios);
  for (const planned of scenarios) refuseFloods(planned);
  const workloads = workloadsOf(scenarios, cwd, live !== undefined);
  const targets = targetsFiles.map((file) => readTargets(resolve(cwd, file), shown(file, cwd)));
  const files = targets.map(({ read }) => read);
  const real = realSystemOf(chainFile, through);
  if (live && real) refuseLive(chainFile, cwd);
  const isReference = /\.ya?ml$/.test(chainFile) && real === null;
  const reference = isReference ? readReferenceSettings(chainFile) : null;
  const read = (source: string): string => readText(source, shown(source, cwd));
  const code = chainSources(chainFile).map(read);
  const measured = reference?.quality ? read(reference.quality.file) : '';
  const chainTargets = reference?.targets ?? [];
  refuseUnknown(scenarios, knownNames(files, workloads, chainTargets, code.join('\n')));
  const jobs: Plan['jobs'] = [];
  scenarios.forEach(({ scenario }, index) => {
    const { name } = scenario;
    // Of a module nobody knows before it runs.
    const streams = reference?.stream ?? true;
    // In real time what differs between two trials is not one thing alone.
    const twins = real || live ? [null] : [null, ...twinsOf(scenario.faults, streams)];
    for (let trial = 1; trial <= trials; trial++) {
      for (const twin of twins) {
        jobs.push({ index: jobs.length, name, scenario: index, trial, twin });
      }
    }
  });
  const parts = [
    version,
    ...code,
    measured,
    ...scenarios.map(({ text }) => text),
    ...workloads.map((workload) => JSON.stringify(workload)),
    ...targets.map(({ text }) => text),
    JSON.stringify({ seed, trials, through, live }),
  ];
  const fingerprint = hashOfParts(parts);
  const planned = { chainFile, real, scenarios, seed, trials, targetsFiles, jobs, fingerprint };
  return {
    ...planned,
    ...(through === undefined ? {} : { through }),
    ...(live ? { live } : {}),
  };
}

/** Whoever asks providers from a process of its own asks them past the interception. */
function refuseLive(chainFile: string, cwd: string): void {
  const how = 'drill it with recordings, or write its targets as a .yaml chain or a chain.ts';
  throw new InputError(
    `--live: the chain runs in another process, where nothing can be passed on: ${how}`,
    {
      file: shown(chainFile, cwd),
    },
  );
}

/** Only a chain file says what a library can be told. */
function refuseThrough(through: string, chainFile: string, cwd: string): void {
  if (!Object.hasOwn(gateways, through)) adapterOf(through);
  if (/\.ya?ml$/.test(chainFile)) return;
  const place = { file: shown(chainFile, cwd) };
  throw new InputError(
    '--through takes a .yaml chain file; your own code is drilled as it is',
    place,
  );
}

/** A targets file that can be read. */
function readTargets(file: string, name: string): { text: string; read: TargetsFile } {
  const text = readText(file, name);
  return { text, read: parseYaml(text, name, targetsSchema) };
}

/** A rule that answers for a target needs its answers. */
function refuseUnrecorded({ scenario, text, file }: PlannedScenario, workload: Workload): void {
  const recorded = [...new Set(workload.recordings.map(({ target }) => target))].sort();
  scenario.faults.forEach(({ answersOf }, index) => {
    for (const target of answersOf) {
      if (recorded.includes(target)) continue;
      const place = placeIn(text, file, ['faults', index, 'of']);
      throw new InputError(unknownWord('recorded target', target, recorded), place);
    }
  });
}

/** More than any machine drills in a day. */
const mostCalls = 10_000_000;

/** Nobody would come back in other words, and the file says that some do. */
function refuseNoFollowers({ scenario, text, file }: PlannedScenario, workload: Workload): void {
  if (!scenario.repeat?.follow || workload.samples.some(({ follows }) => follows)) return;
  const place = placeIn(text, file, ['repeat', 'follow']);
  throw new InputError(`no sample of ${workload.name} follows another one: leave it out`, place);
}

/** A slip in a rate or a time would run for years, and fill the disk. */
function refuseFloods({ scenario: { arrival, canary }, text, file }: PlannedScenario): void {
  const lasting = 'for' in arrival ? arrival.for : 0;
  let calls = 0;
  if ('rate' in arrival) calls = (arrival.rate * lasting) / 1000;
  if ('burst' in arrival) calls = arrival.burst * Math.ceil(lasting / arrival.every);
  const canaries = canary ? lasting / canary.every : 0;
  if (Math.max(calls, canaries) <= mostCalls) return;
  const asked = Math.round(Math.max(calls, canaries)).toLocaleString('en');
  const most = mostCalls.toLocaleString('en');
  const place = placeIn(text, file, [calls > mostCalls ? 'arrival' : 'canary']);
  throw new InputError(`asks for ${asked} calls; a scenario may have ${most}`, place);
}

function refuseDuplicates(scenarios: PlannedScenario[]): void {
  const seen = new Map<string, string>();
  for (const { scenario, text, file } of scenarios) {
    const { name } = scenario;
    const other = seen.get(name);
    if (other !== undefined) {
      const place = placeIn(text, file, ['name']);
      throw new InputError(`the name ${JSON.stringify(name)} is taken by ${other}`, place);
    }
    seen.set(name, file);
  }
}

/**
 * The workloads that the scenarios name, each once; a mistake is told at the line that names it.
 */
function workloadsOf(scenarios: PlannedScenario[], cwd: string, live: boolean): Workload[] {
  const found = new Map<string, Workload>();
  for (const planned of scenarios) {
    const name = planned.scenario.workload;
    const workload = found.get(name) ?? workloadOf(planned, cwd, live);
    refuseUnrecorded(planned, workload);
    refuseNoFollowers(planned, workload);
    found.set(name, workload);
  }
  return [...found.values()];
}

function workloadOf(
  { scenario, text, file }: PlannedScenario,
  cwd: string,
  live: boolean,
): Workload {
  const name = scenario.workload;
  const place = placeIn(text, file, ['workload']);
  const workload = live ? liveWorkload(name, cwd, place) : findWorkload(name, cwd, place);
  const lacks = workload.samples.length === 0 ? 'samples' : 'recordings';
  const isAnswered = live || workload.recordings.length > 0;
  if (workload.samples.length === 0 || !isAnswered) {
    const why = `the workload ${JSON.stringify(name)} has no ${lacks}: nothing can be answered`;
    throw new InputError(why, place);
  }
  return workload;
}
