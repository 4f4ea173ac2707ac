// How a chain is made to ask one target: all its others are out of reach for the whole trial. That
// works for every chain, and shows the request that it builds for that target where it needs it.
// Nothing that costs time is injected, so that a chain's own limits do not decide who is asked.
import { textWireNames } from '../wires/wire-name.ts';

/**
 * Ways to be out of reach, the one that costs a chain least first. `status`: 503, with the word
 * that a retry is useless, so that official SDKs go on at once. `refused`: nobody listens.
 */
export const ways = {
  status: { inject: 'server-error', status: 503, shouldRetry: false },
  refused: { inject: 'disconnect', how: 'refused' },
} as const;

export type Way = keyof typeof ways;

export const wayNames = Object.keys(ways) as Way[];

/** Breakers, caches and budgets of a chain are over one question before the next one comes. */
const gap = '2m';

/** What comes, comes at once: how long answers take is not the question, and cuts none off. */
const atOnce = { inject: 'slow', ttft: '1ms', tokensPerSecond: 1_000_000 };

/** A scenario in which nothing answers: it shows whom the chain asks at all, in which order. */
export function allOut(workload: string, way: Way): string {
  return scenario(workload, [{ ...ways[way], on: { wire: [...textWireNames] } }]);
}

/** A scenario in which only targets beside `others` answer. */
export function othersOut(workload: string, others: readonly string[], way: Way): string {
  const wire = [...textWireNames];
  return scenario(workload, [
    ...others.map((target) => ({ ...ways[way], on: { ...parts(target), wire } })),
    { ...atOnce, on: { wire } },
  ]);
}

function parts(target: string): { provider: string; model: string } {
  const slash = target.indexOf('/');
  return { provider: target.slice(0, slash), model: target.slice(slash + 1) };
}

/** JSON is YAML. The name is part of every seed: it is the same for all targets. */
function scenario(workload: string, faults: unknown[]): string {
  return JSON.stringify({
    name: 'portability',
    description: 'every prompt once, with one target in reach',
    workload,
    arrival: { each: 'once', gap },
    faults,
  });
}
