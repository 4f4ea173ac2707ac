// What a chain file says of every chain that is built from it, whoever builds it. Loads no SDK.
import type { Limits } from '../limits.ts';
import { longestWaitMs } from './backoff.ts';
import type { Chain } from './chain.ts';
import { poolsOf } from './pools.ts';
import type { ReferenceSettings, SemanticSettings } from './settings.ts';

/** Targets in order, the limits that are promised, and hosts of its own. */
export function factsOf(
  settings: ReferenceSettings,
): Pick<Chain, 'targets' | 'limits' | 'hosts' | 'stream' | 'isolate'> {
  return {
    targets: settings.targets.map((target) => target.name),
    limits: limitsOf(settings),
    hosts: asked(settings).flatMap(({ hasOwnURL, baseURL, provider, region }) =>
      hasOwnURL ? [{ host: new URL(baseURL).host, provider, region }] : [],
    ),
    stream: settings.stream,
    isolate: false,
  };
}

/** Whoever may be sent a request. */
function asked({ targets, cache }: ReferenceSettings): SemanticSettings['target'][] {
  return cache?.semantic ? [...targets, cache.semantic.target] : targets;
}

/** What the settings promise, in the words of the invariants. */
function limitsOf(settings: ReferenceSettings): Partial<Limits> {
  const { targets, retry, attempt, deadlineMs, balance } = settings;
  // In a pool, whoever is next stands in for a retry.
  const pools = balance ? poolsOf(targets) : targets.map((target) => [target]);
  const most = pools.map(({ length }) => Math.max(length, 1 + retry.max));
  return {
    attempts: most.reduce((sum, count) => sum + count, 0),
    idleMs: attempt.idleMs,
    attemptMs: attempt.timeoutMs,
    deadlineMs,
    hintCapMs: longestWaitMs(retry),
    refusal: 'surface',
  };
}
