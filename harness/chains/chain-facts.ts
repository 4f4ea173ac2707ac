// What a chain file says of every chain that is built from it, whoever builds it. Loads no SDK.
import type { Limits } from '../limits.ts';
import { longestWaitMs } from './backoff.ts';
import type { Chain } from './chain.ts';
import type { ReferenceSettings } from './settings.ts';

/** Targets in order, the limits that are promised, and hosts of its own. */
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
