import type { HistoryEvent, TrialEvent } from '../history.ts';
import { viewOf } from '../trial/setting.ts';
import type { CallRecord } from './call-record.ts';
import type { Join } from './join.ts';
import { createJoin } from './join.ts';

/** A finished call, and the trial that it is of. */
export interface CallOfTrial {
  trial: TrialEvent;
  record: CallRecord;
}

/** The calls of one trial after the other, twins and canaries too, each as soon as it is over. */
export function* callsIn(events: Iterable<HistoryEvent>): Generator<CallOfTrial> {
  let ended: CallOfTrial[] = [];
  let join: Join | null = null;
  for (const event of events) {
    if (event.e === 'trial') {
      join?.end();
      join = createJoin(viewOf(event), (record) => ended.push({ trial: event, record }));
    }
    join?.event(event);
    if (ended.length === 0) continue;
    yield* ended;
    ended = [];
  }
  join?.end();
  yield* ended;
}
