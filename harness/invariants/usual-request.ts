// What the first target gets with a sample whenever a call begins with it. A call that leaves it
// alone, behind an open breaker, has no request of its own to be compared with: this stands for it.
import type { Lack } from '../history.ts';
import type { AttemptRecord, CallRecord } from '../outcome/call-record.ts';
import { failureOf } from './failure-kind.ts';
import { failedAt } from './timeline.ts';

interface Usual {
  /** Calls that began with the first target. */
  calls: number;
  /** What any of its requests lacked. */
  lacked: Set<Lack>;
  /** A call began with another one while nothing was wrong: the chain has more than one way. */
  splits: boolean;
}

export interface Habit {
  bySample: Map<string, Usual>;
  /** Of the requests of the first target: when the last one was over, and whether it failed. */
  last: { at: number; failed: boolean };
}

export function noHabit(): Habit {
  return { bySample: new Map(), last: { at: Number.NEGATIVE_INFINITY, failed: false } };
}

/** So many calls make a habit. */
const leastCalls = 3;

/** Whether every request of the first target had this, and it was left alone since it failed. */
export function usuallyHas(habit: Habit, lack: Lack, { call }: CallRecord): boolean {
  const usual = habit.bySample.get(call.sample);
  if (!usual || usual.splits || usual.calls < leastCalls || !habit.last.failed) return false;
  return habit.last.at <= call.t && !usual.lacked.has(lack);
}

export function learn(habit: Habit, primary: string, record: CallRecord): void {
  const { attempts, call } = record;
  const [first] = attempts;
  if (!first || attempts.some(isElsewhere)) return;
  const { bySample } = habit;
  const usual = bySample.get(call.sample) ?? { calls: 0, lacked: new Set(), splits: false };
  bySample.set(call.sample, usual);
  if (first.target === primary) usual.calls++;
  else if (!habit.last.failed) usual.splits = true;
  for (const attempt of attempts) {
    if (attempt.target !== primary) continue;
    for (const lack of attempt.start.lacks ?? []) usual.lacked.add(lack);
    const at = failedAt(attempt);
    if (at >= habit.last.at) habit.last = { at, failed: isDown(attempt) };
  }
}

/** It failed, and not by what was asked. */
function isDown(attempt: AttemptRecord): boolean {
  const kind = failureOf(attempt);
  return kind !== null && kind !== 'request' && kind !== 'other';
}

/** Probes and vectors say nothing of how a question is asked. */
function isElsewhere({ start }: AttemptRecord): boolean {
  return start.beside === true || start.vectors === true;
}
