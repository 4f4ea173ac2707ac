// The order of things within a call, with every doubt in the chain's favour: attempts may run side
// by side (hedging), and a chain may leave one open behind it without reading on.
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { coarseMs, marginMs } from './margins.ts';

/** When the chain could know that the attempt had failed. */
export function failedAt({ start, reply, end }: AttemptRecord): number {
  if (reply && reply.status >= 300) return reply.t;
  return end?.t ?? reply?.t ?? start.t;
}

/** Whether `b` was begun in knowledge of the failure of `a`: no race, no hedge. */
export function follows(a: AttemptRecord, b: AttemptRecord): boolean {
  if (a.end === null && a.reply === null) return false;
  return b.start.t > a.start.t && b.start.t >= failedAt(a);
}

export function overlap(a: AttemptRecord, b: AttemptRecord): boolean {
  return a.start.t < endOf(b) && b.start.t < endOf(a);
}

/** Infinite where it was never over. */
export function endOf({ end }: AttemptRecord): number {
  return end?.t ?? Number.POSITIVE_INFINITY;
}

/** Same provider, model, region and credential. */
export function sameScope({ start: a }: AttemptRecord, { start: b }: AttemptRecord): boolean {
  return (
    a.model === b.model && a.provider === b.provider && a.region === b.region && a.key === b.key
  );
}

/**
 * When the chain was done with an attempt: its end, the end of the call, or a later attempt that
 * took its place, whichever came first. Infinity where nothing would ever have ended it.
 */
export function doneWith(attempt: AttemptRecord, record: CallRecord): number {
  const { start, end } = attempt;
  const { answer, hung, servedBy, attempts } = record;
  const open = end === null || end.how === 'open';
  let at = open && hung?.how === 'proven' ? Number.POSITIVE_INFINITY : (end?.t ?? hung?.t ?? null);
  if (answer && answer.t >= start.t) at = Math.min(at ?? answer.t, answer.t);
  at ??= start.t;
  if (attempt === servedBy) return at;
  const since = Math.max(start.t, end?.last ?? start.t);
  for (const other of attempts) {
    if (other !== attempt && other.start.t > since) return Math.min(at, other.start.t);
  }
  return at;
}

/** What is granted beyond a limit that this attempt may have run into. */
export function marginOf({ end }: AttemptRecord): number {
  return end?.how === 'client-timeout' ? marginMs + coarseMs : marginMs;
}
