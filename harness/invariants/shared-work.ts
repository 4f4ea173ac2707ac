// Work that may be somebody else's too: calls that ask the same question word for word may share
// one attempt, and then it is right that it goes on when one of them has gone. Vectors are fetched
// in batches, and what does not ask the call's own question is not its work.
import type { HistoryEvent } from '../history.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';

/** Calls that were repeated. */
export type SharedWork = Set<number>;

export function noSharedWork(): SharedWork {
  return new Set();
}

export function seeSharing(shared: SharedWork, event: HistoryEvent): void {
  if (event.e === 'call' && event.repeats !== undefined) shared.add(event.repeats);
}

/** The attempts that were made for this call and for no other. */
export function ownAttempts(shared: SharedWork, { call, attempts }: CallRecord): AttemptRecord[] {
  if (call.repeats !== undefined || shared.has(call.call)) return [];
  return attempts.filter(({ start }) => !start.vectors && !start.beside);
}
