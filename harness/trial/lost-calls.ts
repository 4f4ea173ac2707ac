// The calls that come after a chain has begun to spin. Nobody serves them, but they are asked: to
// leave them out would make a process that stands still look better than one that answers late.
import type { CallEvent } from '../history.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { OpenCall } from '../upstream/upstream.ts';
import type { Sample } from '../workloads/workload.ts';
import { openArrivals, Questions } from './arrival.ts';

/**
 * What an open loop asks after its first `made` calls, each at its due time; the users of a closed
 * loop wait. `seed` is the trial's; `announce` names what a healthy primary would send.
 */
export function* lostCalls(
  of: { scenario: Scenario; samples: readonly Sample[]; seed: number },
  made: number,
  announce: (call: OpenCall) => string | null,
): Generator<CallEvent> {
  const { scenario, samples, seed } = of;
  if ('users' in scenario.arrival) return;
  const questions = new Questions(scenario, samples, seed);
  let call = 0;
  for (const due of openArrivals(scenario.arrival, samples.length, seed)) {
    const { sample, repeats } = questions.next(++call);
    if (call <= made) continue;
    const healthy = announce({ call, sample: sample.id });
    yield {
      e: 'call',
      t: due,
      call,
      sample: sample.id,
      due,
      ...(repeats === null ? {} : { repeats }),
      ...(healthy === null ? {} : { healthy }),
    };
  }
}
