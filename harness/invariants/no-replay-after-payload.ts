// I03: once the caller has read a part of an answer, only two ends are honest: an error that says
// so, or a continuation that repeats nothing.
import type { AttemptRecord, CallRecord, Outcome } from '../outcome/call-record.ts';
import { attemptText, seconds } from './attempt-text.ts';
import type { Finding } from './call-rule.ts';
import { callRule } from './call-rule.ts';
import { failedBeforePayload, failureOf } from './failure-kind.ts';
import { doneWith } from './timeline.ts';

export const noReplayAfterPayload = callRule<null>({
  id: 'I03',
  rule: 'After payload reached the caller: an explicit error, or continuation without repeated text.',
  example:
    "A stream breaks after three sentences and a fallback's whole answer is put behind them.",
  know: () => null,
  judge: (_, record) => judge(record),
});

const broken: ReadonlySet<Outcome> = new Set(['spliced', 'leaked', 'truncated']);

function judge(record: CallRecord): Finding {
  const { answer, outcome, cachedFrom } = record;
  if (!answer || outcome === 'aborted' || cachedFrom !== null) return null;
  const shown = answer.kind === 'text' && broken.has(outcome);
  for (const attempt of record.attempts) {
    if (!failedAfterPayload(attempt)) continue;
    const reached = answer.first !== null && answer.first <= doneWith(attempt, record);
    if (!shown) {
      if (reached) return 'held';
      continue;
    }
    // Of a truncated answer the broken attempt must be the one that served it; what leaked may
    // come from elsewhere, where the caller had nothing of this attempt before.
    if (outcome === 'truncated' && record.servedBy && record.servedBy !== attempt) continue;
    if (outcome === 'leaked' && !reached) continue;
    return { at: answer.t, text: () => violation(attempt, record, answer.t) };
  }
  return null;
}

function failedAfterPayload(attempt: AttemptRecord): boolean {
  const { end } = attempt;
  if (!end || end.chars === 0 || failedBeforePayload(attempt)) return false;
  return failureOf(attempt) !== null;
}

function violation(attempt: AttemptRecord, { outcome, because }: CallRecord, at: number): string {
  const after = `${attemptText(attempt)}, after ${attempt.end?.chars ?? 0} characters`;
  const end = `The caller should have got an explicit error, or the rest without repeated text.`;
  return `${after}. What the caller got at ${seconds(at)} as an answer is ${outcome}: ${because} ${end}`;
}
