// Names in scenarios that nobody has: a rule or a bound on a slip of the pen would hold for ever.
// What a chain alone can know is let pass, unless it is nearly a known name.
import type { TargetSettings } from '../chains/settings.ts';
import { InputError } from '../errors.ts';
import { nearest, unknownWord } from '../scenario/nearest.ts';
import { placeIn } from '../scenario/yaml-file.ts';
import type { TargetsFile } from '../upstream/targets.ts';
import type { Workload } from '../workloads/workload.ts';
import type { PlannedScenario } from './planned-scenario.ts';

export interface KnownNames {
  providers: string[];
  /** Providers that have a host: no request goes to another. */
  asked: string[];
  regions: string[];
  targets: string[];
  /** The chain's own text: a model that a module names need be in no file. */
  chain: string;
}

/** What a chain in YAML says of one of its targets. */
export type ChainTarget = Pick<TargetSettings, 'name' | 'region'>;

export function knownNames(
  files: TargetsFile[],
  workloads: Workload[],
  chainTargets: readonly ChainTarget[],
  chain: string,
): KnownNames {
  const hosts = files.flatMap((file) => file.hosts);
  const recorded = workloads.flatMap(({ recordings }) => recordings.map(({ target }) => target));
  const priced = files.flatMap(({ models }) => Object.keys(models));
  const targets = [...recorded, ...priced, ...chainTargets.map(({ name }) => name)];
  const asked = hosts.map(({ provider }) => provider);
  return {
    providers: sorted([...asked, ...targets.map(providerOf)]),
    asked: sorted(asked),
    regions: sorted([...hosts, ...chainTargets].flatMap(({ region }) => region ?? [])),
    targets: sorted(targets),
    chain,
  };
}

function sorted(names: string[]): string[] {
  return [...new Set(names)].sort();
}

function providerOf(target: string): string {
  return target.slice(0, target.indexOf('/'));
}

export function refuseUnknown(scenarios: PlannedScenario[], known: KnownNames): void {
  for (const planned of scenarios) {
    refuseMisspelt(planned, 'provider', known.providers);
    refuseMisspelt(planned, 'region', known.regions);
    refuseBounds(planned, known);
  }
}

/** A chain may have names of its own, so only what is nearly a known name is a mistake. */
function refuseMisspelt(
  { scenario, text, file }: PlannedScenario,
  key: 'provider' | 'region',
  known: string[],
): void {
  scenario.faults.forEach(({ on }, index) => {
    for (const name of on[key] ?? []) {
      if (known.includes(name) || nearest(name, known) === null) continue;
      throw new InputError(
        unknownWord(key, name, known),
        placeIn(text, file, ['faults', index, 'on', key]),
      );
    }
  });
}

/** What never occurs counts as 0, so a bound on what cannot occur would always hold. */
function refuseBounds({ scenario, text, file }: PlannedScenario, known: KnownNames): void {
  for (const { path } of scenario.thresholds) {
    const dot = path.indexOf('.');
    const name = path.slice(dot + 1);
    const problem = problemOf(path.slice(0, dot), name, known);
    if (problem !== null) throw new InputError(problem, placeIn(text, file, ['thresholds', path]));
  }
}

function problemOf(head: string, name: string, known: KnownNames): string | null {
  switch (head) {
    case 'peak_attempts_per_s':
      return known.asked.includes(name) ? null : noProvider(name, known);
    case 'served_by':
      return servedByProblem(name, known);
    default:
      return null;
  }
}

function noProvider(name: string, { asked, targets }: KnownNames): string {
  const provider = providerOf(name);
  if (!asked.includes(provider) && !targets.includes(name)) {
    return unknownWord('provider', name, asked);
  }
  return `attempts are counted by provider: write peak_attempts_per_s.${provider}`;
}

/** Who answers beside targets. */
const ownWays = ['cache', 'degraded'];

function servedByProblem(name: string, { asked, targets, chain }: KnownNames): string | null {
  if (ownWays.includes(name) || targets.includes(name)) return null;
  const isMeant = (target: string): boolean =>
    providerOf(target) === name || target.slice(target.indexOf('/') + 1) === name;
  const meant = targets.filter(isMeant).map((target) => `served_by.${target}`);
  if (meant.length > 0) {
    return `answers are counted by target, provider and model: write ${meant.join(' or ')}`;
  }
  const model = name.slice(name.indexOf('/') + 1);
  const isOfChain = name.includes('/') && asked.includes(providerOf(name)) && chain.includes(model);
  return isOfChain ? null : unknownWord('target', name, [...targets, ...ownWays]);
}
