// What switching costs the caller: the time from the first attempt to the one that served, and the
// wait before the first character that the serving target is not to blame for.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { isStep, stepsOf } from '../outcome/session.ts';
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

/**
 * From the start of the first attempt to that of the one which served, where it is another target's
 * and one before it had failed; null for all other calls.
 */
export function failoverMs(record: CallRecord, primary: string): number | null {
  const { servedBy } = record;
  if (!servedBy || servedBy.target === primary) return null;
  const texts = { ...record, attempts: answering(record) };
  const { first, taken } = switchIn(servedBy, texts);
  return first && failedBefore(taken, texts) ? taken.start.t - first.start.t : null;
}

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
    const ms = failoverMs(record, state.primary);
    if (ms !== null) count(state.failover, ms);
    const sent = servedBy.end?.first ?? null;
    // What a session says beside its tool calls is no wait for its answer.
    if (!answer || answer.first === null || sent === null || answer.first < sent) return;
    const steps = stepsOf(record).map(({ start, end }) => (end ? end.t - start.t : 0));
    const own = steps.reduce((sum, ms) => sum + ms, sent - servedBy.start.t);
    count(state.added, answer.first - own - call.due);
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

/**
 * Where the serving target came in, and the attempt from which that is counted. In a session it is
 * the first turn that it brought to its end: what went before was not lost.
 */
function switchIn(
  servedBy: AttemptRecord,
  record: CallRecord,
): { first: AttemptRecord | undefined; taken: AttemptRecord } {
  const { attempts } = record;
  const steps = stepsOf(record);
  const taken = steps.find(({ target }) => target === servedBy.target) ?? servedBy;
  const { turn } = taken.start;
  return { first: attempts.find(({ start }) => start.turn === turn), taken };
}

function failedBefore(servedBy: AttemptRecord, { attempts }: CallRecord): boolean {
  for (const attempt of attempts) {
    if (attempt === servedBy) return false;
    if (isFailed(attempt) && !isStep(attempt)) return true;
  }
  return false;
}

/** Whether an attempt brought less than a whole answer: an error, a broken or an empty one. */
function isFailed({ reply, end }: AttemptRecord): boolean {
  if (!reply || reply.status >= 400 || reply.reason !== null) return true;
  return end?.how !== 'complete' || end.inBand !== null || end.chars === 0;
}
