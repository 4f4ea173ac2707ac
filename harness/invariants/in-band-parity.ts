// I04: an error inside a 200 is the same error as its HTTP status. Judged over twins: the trial has
// the in-band error, its twin the status. Compared is what the chain made of the first failure of a
// call: did it go on (same or another target), or how did it end? How often an SDK asks the same
// target again beneath the chain, and what later attempts happen to meet, is not compared.
import type { AttemptRecord, CallRecord, Outcome } from '../outcome/call-record.ts';
import { isStep } from '../outcome/session.ts';
import { answering } from '../outcome/steps.ts';
import type { TrialView } from '../scorers/scorer.ts';
import { attemptText, seconds } from './attempt-text.ts';
import { failedBeforePayload, failureOf } from './failure-kind.ts';
import type { Decisions, Invariant } from './invariant.ts';
import { note } from './next-step.ts';

interface State {
  view: TrialView;
  decisions: Decisions;
}

export const inBandParity: Invariant<State> = {
  id: 'I04',
  rule: 'An error inside a 200 gets the decision of the equal HTTP status.',
  example: 'A 529 is answered by the fallback, but an overload event in a stream is an error.',
  twin: 'status',
  start: (view) => ({ view, decisions: {} }),
  call({ view, decisions }, call) {
    const record = { ...call, attempts: sinceSteps(answering(call)) };
    const [lead] = record.attempts;
    const kind = lead ? failureOf(lead) : null;
    if (!lead || kind === null || !failedBeforePayload(lead)) return;
    if (isInBand(lead) !== (view.trial.twin === null)) return;
    const decision = decide(record, lead, view.limits.deadlineMs);
    if (!decision) return;
    const { name, at } = decision;
    const text = (): string =>
      `${attemptText(lead)}, before any payload. The chain ${name} at ${seconds(at)}.`;
    note(decisions, `${kind} failure of ${lead.target}`, name, { call: call.call.call, at, text });
  },
  // Without a twin there is nothing to compare: not applicable.
  end: ({ decisions }) => ({ exercised: 0, violations: 0, first: null, limit: null, decisions }),
};

/** Without the turns of a session that went well: what came after them is the first decision. */
function sinceSteps(attempts: readonly AttemptRecord[]): AttemptRecord[] {
  const first = attempts.findIndex((attempt) => !isStep(attempt));
  return first < 0 ? [...attempts] : attempts.slice(first);
}

function isInBand({ reply, end }: AttemptRecord): boolean {
  return reply !== null && reply.status < 300 && end?.inBand != null;
}

interface Decision {
  /** Compared with the twin's. */
  name: string;
  at: number;
}

const wentOn = 'went on';

/** Null where the call says nothing about the decision, or where time may have made it. */
function decide(record: CallRecord, lead: AttemptRecord, deadlineMs: number): Decision | null {
  const { attempts, answer, hung, outcome, call } = record;
  if (record.caller || outcome === 'aborted' || outcome === 'cached') return null;
  const rescue = attempts.find(
    (attempt) => attempt.target !== lead.target || failureOf(attempt) === null,
  );
  if (rescue) return { name: wentOn, at: rescue.start.t };
  // What ended the call must be this failure, not another one that a retry met.
  const kind = failureOf(lead);
  if (attempts.some((one) => failureOf(one) !== kind || !failedBeforePayload(one))) return null;
  if (hung) return { name: 'never ended', at: hung.t };
  if (!answer || answer.t - call.t > deadlineMs / 2) return null;
  return { name: `ended as ${endings[outcome] ?? 'an answer'}`, at: answer.t };
}

const endings: Readonly<Partial<Record<Outcome, string>>> = {
  error: 'an error',
  degraded: 'a degraded reply',
  empty: 'an empty answer',
  truncated: 'a truncated answer',
  leaked: 'a leak',
};
