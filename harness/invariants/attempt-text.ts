// Attempts in words, for violations: which, on what, when, and how it ended.
import type { Ending } from '../history.ts';
import type { AttemptRecord } from '../outcome/call-record.ts';
import { isUnreadable } from './failure-kind.ts';

/** 12_400 -> "12.4 s" */
export function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

/** "attempt 3 (openai/gpt-4o, 12.4 s): 503 after 0.8 s" */
export function attemptText(attempt: AttemptRecord): string {
  return `${attemptName(attempt)}: ${whatHappened(attempt)}`;
}

/** "attempt 3 (openai/gpt-4o in us, 12.4 s)" */
export function attemptName(attempt: AttemptRecord): string {
  const { attempt: number, t } = attempt.start;
  return `attempt ${number} (${askedText(attempt)}, ${seconds(t)})`;
}

/** Who was asked: "openai/gpt-4o in us" */
export function askedText({ start, target }: AttemptRecord): string {
  return start.region === null ? target : `${target} in ${start.region}`;
}

function whatHappened(attempt: AttemptRecord): string {
  const { start, reply, end } = attempt;
  if (reply && reply.status >= 300) {
    const reason = reply.reason === null ? '' : ` ${reply.reason}`;
    return `${reply.status}${reason} after ${seconds(reply.t - start.t)}`;
  }
  if (end === null) return 'never ended';
  if (end.how === 'open') return 'still open when the trial ended';
  const after = ` after ${seconds(end.t - start.t)}`;
  if (end.inBand !== null) return `${reply?.status ?? 200} with ${end.inBand} in its body${after}`;
  if (isUnreadable(attempt)) return `sent what is no JSON, and was given up${after}`;
  if (end.how === 'complete') {
    return end.marker ? `complete${after}` : `ended without a terminal marker${after}`;
  }
  return `${endings[end.how]}${after}`;
}

const endings: Readonly<Record<Exclude<Ending, 'complete' | 'open'>, string>> = {
  short: 'cut short as if complete',
  reset: 'connection reset',
  fin: 'connection closed',
  refused: 'connection refused',
  dns: 'host not found',
  tls: 'TLS failure',
  'client-timeout': "ended by the HTTP client's own limit",
  aborted: 'given up by the chain',
};
