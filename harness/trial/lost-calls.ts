// The calls that come after a chain has begun to spin. Nobody serves them, but they are asked: to
// leave them out would make a process that stands still look better than one that answers late.
import type { CallEvent } from '../history.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { OpenCall } from '../upstream/answers.ts';
import type { Sample } from '../workloads/workload.ts';
import { openArrivals } from './arrival.ts';
import { canaryDues } from './canary.ts';
import { callEvent, NextCalls, openCall } from './next-calls.ts';

/** How many calls were made. */
export interface Made {
  calls: number;
  canaries: number;
}

/**
 * What is asked after the calls that were made, each at its due time; the users of a closed loop
 * wait. `seed` is the trial's; `announce` names what a healthy primary would send.
 */
export function* lostCalls(
  of: { scenario: Scenario; samples: readonly Sample[]; seed: number },
  made: Made,
  announce: (call: OpenCall) => string | null,
): Generator<CallEvent> {
  const { scenario, samples, seed } = of;
  const { arrival } = scenario;
  const calls = 'users' in arrival ? [] : openArrivals(arrival, samples.length, seed);
  const coming = new NextCalls(scenario, samples, seed);
  for (const [due, canary] of inTurn(calls, canaryDues(scenario, samples.length))) {
    const next = coming.next(canary);
    const isMade = canary ? coming.canaries <= made.canaries : coming.calls <= made.calls;
    if (!isMade) yield callEvent(next, due, due, announce(openCall(next)));
  }
}

/** Both lists in order of time. */
function* inTurn(
  calls: Iterable<number>,
  canaries: Iterator<number>,
): Generator<[due: number, canary: boolean]> {
  let canary = canaries.next();
  for (const due of calls) {
    for (; !canary.done && canary.value < due; canary = canaries.next()) {
      yield [canary.value, true];
    }
    yield [due, false];
  }
  for (; !canary.done; canary = canaries.next()) yield [canary.value, true];
}
