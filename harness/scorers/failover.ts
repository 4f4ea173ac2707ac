// What switching costs the caller: the time from the first attempt to the one that served, and the
// wait before the first character that the serving target is not to blame for.
import type { AttemptRecord } from '../outcome/call-record.ts';
import { answering } from '../outcome/steps.ts';
import { withReasons } from '../scoring/figures.ts';
import type { Counts, CountsTally } from '../scoring/histogram.ts';
import {
  count,
  createCounts,
  longest,
  mergeCounts,
  percentiles,
  sizeOf,
  tallyOf,
} from '../scoring/histogram.ts';
import type { Scorer } from './scorer.ts';

interface State {
  primary: string;
  failover: Counts;
  added: Counts;
}

interface Tally {
  failover: CountsTally;
  added: CountsTally;
}

const noFailover = 'no call was served by a fallback after a failed attempt';
const noAnswer = 'no answer of a target with a first character';

export const failover: Scorer<State, Tally> = {
  name: 'failover',
  start: (view) => ({
    primary: view.trial.primary,
    failover: createCounts(),
    added: createCounts(),
  }),
  call(state, record) {
    const { servedBy, answer, call } = record;
    if (!servedBy) return;
    const attempts = answering(record);
    const [first] = attempts;
    if (first && servedBy.target !== state.primary && failedBefore(servedBy, attempts)) {
      count(state.failover, servedBy.start.t - first.start.t);
    }
    const sent = servedBy.end?.first ?? null;
    if (!answer || answer.first === null || sent === null) return;
    count(state.added, answer.first - (sent - servedBy.start.t) - call.due);
  },
  end: ({ failover, added }) => ({ failover: tallyOf(failover), added: tallyOf(added) }),
  merge: (a, b) => ({
    failover: mergeCounts(a.failover, b.failover),
    added: mergeCounts(a.added, b.added),
  }),
  figures: ({ failover, added }) =>
    withReasons({
      failover_ms: {
        ...percentiles(failover, { p50: 50, p95: 95 }, noFailover),
        max: longest(failover, noFailover),
        n: sizeOf(failover),
      },
      added_wait_ms: percentiles(added, { p50: 50, p95: 95 }, noAnswer),
    }),
};

function failedBefore(servedBy: AttemptRecord, attempts: readonly AttemptRecord[]): boolean {
  for (const attempt of attempts) {
    if (attempt === servedBy) return false;
    if (isFailed(attempt)) return true;
  }
  return false;
}

/** Whether an attempt brought less than a whole answer: an error, a broken or an empty one. */
function isFailed({ reply, end }: AttemptRecord): boolean {
  if (!reply || reply.status >= 400 || reply.reason !== null) return true;
  return end?.how !== 'complete' || end.inBand !== null || end.chars === 0;
}
