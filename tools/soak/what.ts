// What a soak is made of: the good chains, the shipped scenarios, and which of them fit each other.
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse, stringify } from 'yaml';
import { readReferenceSettings } from '../../harness/chains/reference-config.ts';
import { findWorkload, packageRoot, scenarioFiles, shown } from '../../harness/project.ts';
import type { Arrival, Scenario } from '../../harness/scenario/scenario.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import type { Workload } from '../../harness/workloads/workload.ts';

export interface GoodChain {
  name: string;
  /** From the root of the repository. */
  file: string;
  /** The first sentences of its file. */
  about: string;
  targets: readonly string[];
  /** Whether it runs tools; one that does not says so instead of answering without them. */
  tools: boolean;
  /** Where it is for callers who wait so long, and not for all. */
  deadlineMs?: number;
}

/** The shipped settings of the reference chain: they are held to what is asked of all others. */
const references = ['gpt-first', 'full', 'failover-bench-continue'];

export async function goodChains(): Promise<GoodChain[]> {
  const own = readdirSync(join(packageRoot, 'test/good')).sort();
  const files = [
    ...own.filter((name) => /\.(ts|yaml)$/.test(name)).map((name) => `test/good/${name}`),
    ...references.map((name) => `fixtures/chains/${name}.yaml`),
  ];
  return Promise.all(files.map((file) => (file.endsWith('.ts') ? moduleOf(file) : yamlOf(file))));
}

async function moduleOf(file: string): Promise<GoodChain> {
  const module: unknown = await import(pathToFileURL(join(packageRoot, file)).href);
  const { targets, tools = false } = module as { targets: string[]; tools?: boolean };
  return { name: basename(file, '.ts'), file, about: aboutOf(file), targets, tools };
}

function yamlOf(file: string): GoodChain {
  const { targets, deadlineMs } = readReferenceSettings(join(packageRoot, file));
  const name = basename(file, '.yaml');
  const names = targets.map((target) => target.name);
  return { name, file, about: aboutOf(file), targets: names, tools: true, deadlineMs };
}

/** The comment at the head of a file. */
function aboutOf(file: string): string {
  const lines = readFileSync(join(packageRoot, file), 'utf8').split('\n');
  const said = lines.filter((line) => !line.includes('$schema='));
  const end = said.findIndex((line) => !/^(\/\/|#)/.test(line));
  return said
    .slice(0, end)
    .map((line) => line.replace(/^(\/\/|#) ?/, ''))
    .join(' ');
}

/** What is drilled as it ships, for all seeds. */
const folders = ['corpus', 'failover-bench', 'sessions', 'layers', 'judged'];

/**
 * Which seeds a scenario gets. all: all of them, with the calls with which it ships or, where those
 * are too many, with fewer; full: such a one with all of its calls; long: an incident.
 */
export type Group = 'all' | 'full' | 'long';

export interface SoakScenario {
  name: string;
  /** What its results are kept under. */
  key: string;
  /** As it is drilled: a copy where its calls are fewer. */
  file: string;
  /** As `firedrill replay` finds it. */
  word: string;
  scenario: Scenario;
  group: Group;
  lowered: boolean;
}

/** What trials have at the most. Samples that are asked one by one, and users, stay as shipped. */
export interface Most {
  /** Calls that arrive at a rate, in one trial. */
  calls: number;
  /** The same, in an incident. */
  longCalls: number;
  /** Callers who arrive at once. */
  crowd: number;
}

/**
 * All shipped scenarios but those over data of others, which are not everywhere. Copies of those
 * that have too many calls go into `dir`.
 */
export function soakScenarios(dir: string, most: Most): SoakScenario[] {
  const shipped = [...scenarioFiles([], packageRoot), ...scenarioFiles(folders, packageRoot)];
  const { calls, longCalls, crowd } = most;
  const usual = shipped.map((file) => soakScenario(dir, file, 'all', { calls, crowd }));
  const full = shipped.map((file) => soakScenario(dir, file, 'full', asShipped));
  const long = scenarioFiles(['incidents'], packageRoot);
  return [
    ...usual,
    ...full.filter(({ name }) => usual.some((one) => one.name === name && one.lowered)),
    ...long.map((file) => soakScenario(dir, file, 'long', { calls: longCalls, crowd })),
  ];
}

type MostCalls = Pick<Most, 'calls' | 'crowd'>;

const asShipped: MostCalls = { calls: Number.POSITIVE_INFINITY, crowd: Number.POSITIVE_INFINITY };

function soakScenario(dir: string, shipped: string, group: Group, most: MostCalls): SoakScenario {
  const text = readFileSync(shipped, 'utf8');
  const scenario = parseScenario(text, shipped);
  const { name, arrival } = scenario;
  const key = group === 'full' ? `${name}, full rate` : name;
  const word = shown(shipped, packageRoot);
  const same = { name, key, file: shipped, word, scenario, group, lowered: false };
  const fewer = fewerCalls(arrival, most);
  if (fewer === null) return same;
  const fields = parse(text);
  Object.assign(fields.arrival, fewer);
  mkdirSync(dir, { recursive: true });
  const file = join(dir, `${name}.yaml`);
  const lowered = stringify(fields);
  writeFileSync(file, lowered);
  const read = parseScenario(lowered, file);
  return { ...same, file, word: shown(file, packageRoot), scenario: read, lowered: true };
}

/** What to write of an arrival that makes too many calls; null where it does not. */
function fewerCalls(
  arrival: Arrival,
  { calls, crowd }: MostCalls,
): { rate: string } | { burst: number } | null {
  if ('rate' in arrival && (arrival.rate * arrival.for) / 1000 > calls) {
    return { rate: `${((calls * 3_600_000) / arrival.for).toFixed(3)}/h` };
  }
  return 'burst' in arrival && arrival.burst > crowd ? { burst: crowd } : null;
}

const workloads = new Map<string, Workload>();

/** Why a chain cannot be asked what a scenario asks; null where it can. */
export function unfit(chain: GoodChain, { scenario }: SoakScenario): string | null {
  const { targets, tools, deadlineMs = 0 } = chain;
  if (deadlineMs > scenario.limits.deadlineMs) {
    return `it is for callers who wait for ${deadlineMs / 1000} s`;
  }
  const workload = workloads.get(scenario.workload) ?? findWorkload(scenario.workload, packageRoot);
  workloads.set(scenario.workload, workload);
  if (!tools && workload.samples.some((sample) => sample.tools)) return 'it runs no tools';
  const recorded = new Set(workload.recordings.map(({ target }) => target));
  const missing = targets.filter((target) => !recorded.has(target));
  return missing.length === 0 ? null : `nothing is recorded of ${missing.join(', ')}`;
}
