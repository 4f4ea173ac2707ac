// I07: one limit for all of an attempt. Limits that end with the headers leave stalled bodies to
// the runtime's five minutes, or to nobody.
import type { Limits } from '../limits.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { doneWith, marginOf } from './timeline.ts';

export const attemptLimit = callRule<Limits>({
  id: 'I07',
  rule: 'The attempt limit covers connect, headers, success body and error body.',
  example: 'Headers come at once, the body never does: the time limit ended with the headers.',
  limit: ({ attemptMs }) => `${seconds(attemptMs)} an attempt`,
  know: ({ limits }) => limits,
  judge,
});

/** An attempt that the chain ended after this much silence has put its limits to the test. */
const silentMs = 1_000;

function judge({ attemptMs }: Limits, record: CallRecord): Finding {
  let finding: Finding = null;
  for (const attempt of record.attempts) {
    const { start, end } = attempt;
    if (end && end.t - start.t <= silentMs && end.how !== 'open') continue;
    const done = doneWith(attempt, record);
    if (done - start.t > attemptMs + marginOf(attempt)) {
      const lasted = Number.isFinite(done) ? `until ${seconds(done)}` : 'for ever';
      const text = (): string =>
        `${attemptText(attempt)}. ${phase(attempt)} and the chain stayed with it ${lasted}; it ` +
        `should have ended it at ${seconds(start.t + attemptMs)}.`;
      return { at: start.t + attemptMs, text };
    }
    const since = end?.last ?? attempt.reply?.t ?? start.t;
    const gaveUp = end === null || end.how === 'aborted' || end.how === 'open';
    if (gaveUp && !end?.marker && done - since > silentMs) finding = 'held';
  }
  return finding;
}

function phase({ reply, end }: AttemptRecord): string {
  if (!reply) return 'No headers came';
  if (reply.status >= 300) return `Its error body came after headers at ${seconds(reply.t)}`;
  if (!end || end.last === null) return `Headers came at ${seconds(reply.t)}, but no payload`;
  return `Its last payload came at ${seconds(end.last)}`;
}
