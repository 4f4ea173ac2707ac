// What became of the calls on critical samples, where a wrong answer is worse than none. Counts,
// not shares: one is one too many.
import type { CallRecord } from '../outcome/call-record.ts';

/** `calls` is the sum of the others but `should_have_said_later`, which is part of `worse`. */
export interface CriticalCalls {
  calls: number;
  /** Shown an answer that scores as the healthy primary's, or better. */
  as_good: number;
  /** Shown one that scores lower. */
  worse: number;
  /** Of these, shown one that is not good enough: "try later" would have been the right reply. */
  should_have_said_later: number;
  /** Got the reply of the application's own making. */
  said_later: number;
  /** An error, a refusal, or nothing. */
  no_answer: number;
  /** Shown an answer of which nothing tells how good it is. */
  unscored: number;
}

export function noCritical(): CriticalCalls {
  return {
    calls: 0,
    as_good: 0,
    worse: 0,
    should_have_said_later: 0,
    said_later: 0,
    no_answer: 0,
    unscored: 0,
  };
}

/** `scores`: what was served beside the healthy answer; null where nobody can say. */
export function countCritical(
  counts: CriticalCalls,
  { outcome }: CallRecord,
  shown: boolean,
  scores: { healthy: number; served: number } | null,
  floor: number,
): void {
  if (outcome === 'aborted') return;
  counts.calls++;
  if (outcome === 'degraded') counts.said_later++;
  else if (!shown) counts.no_answer++;
  else if (!scores) counts.unscored++;
  else if (scores.served >= scores.healthy) counts.as_good++;
  else {
    counts.worse++;
    // Where the scenario does not say what is good enough, the primary does.
    if (floor === 0 || scores.served < floor) counts.should_have_said_later++;
  }
}

export function mergeCritical(a: CriticalCalls, b: CriticalCalls): CriticalCalls {
  const merged = { ...a };
  for (const key of Object.keys(merged) as (keyof CriticalCalls)[]) merged[key] += b[key];
  return merged;
}
