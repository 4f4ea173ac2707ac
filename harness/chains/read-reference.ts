// The reference chain of a YAML file, with the official SDKs behind its targets.
import type { Limits } from '../limits.ts';
import { longestWaitMs } from './backoff.ts';
import type { Chain } from './chain.ts';
import { chance } from './chance.ts';
import { createTargets } from './create-targets.ts';
import { referenceChain } from './reference.ts';
import type { ReadingOptions } from './reference-config.ts';
import { readReferenceSettings } from './reference-config.ts';
import type { ReferenceSettings } from './settings.ts';

/** The chain that a file describes. Throws InputError with file and line. */
export function readReferenceChain(file: string, options?: ReadingOptions): Chain {
  const settings = readReferenceSettings(file, options);
  return {
    ...factsOf(settings),
    name: settings.name,
    factory: ({ stream } = settings) =>
      referenceChain({ ...settings, stream }, createTargets(settings), chance),
    degradeText: settings.degrade,
  };
}

/** What a chain file says of every chain that is built from it. */
export function factsOf(
  settings: ReferenceSettings,
): Pick<Chain, 'targets' | 'limits' | 'hosts' | 'stream' | 'isolate'> {
  return {
    targets: settings.targets.map((target) => target.name),
    limits: limitsOf(settings),
    hosts: settings.targets.flatMap(({ hasOwnURL, baseURL, provider, region }) =>
      hasOwnURL ? [{ host: new URL(baseURL).host, provider, region }] : [],
    ),
    stream: settings.stream,
    isolate: false,
  };
}

/** What the settings promise, in the words of the invariants. */
function limitsOf(settings: ReferenceSettings): Partial<Limits> {
  const { targets, retry, attempt, deadlineMs } = settings;
  return {
    attempts: targets.length * (1 + retry.max),
    idleMs: attempt.idleMs,
    attemptMs: attempt.timeoutMs,
    deadlineMs,
    hintCapMs: longestWaitMs(retry),
    refusal: 'surface',
  };
}
