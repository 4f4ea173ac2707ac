// The figures of a report that a threshold may bound, and what each is counted in.
import { outcomes } from '../outcome/outcomes.ts';

/** How a figure is written: 99%, 6s, or a plain number. */
export type Unit = 'share' | 'time' | 'number';

/** By path; `*` stands for one name. */
const fields: Readonly<Record<string, Unit>> = {
  availability: 'share',
  goodput: 'share',
  fallback_rate: 'share',
  degraded_rate: 'share',
  degraded_of_unanswered: 'share',
  'latency_ms.p50': 'time',
  'latency_ms.p95': 'time',
  'latency_ms.p99': 'time',
  'latency_ms.max': 'time',
  'ttft_ms.p50': 'time',
  'ttft_ms.p95': 'time',
  'ttft_ms.p99': 'time',
  'attempts_per_call.mean': 'number',
  'attempts_per_call.max': 'number',
  'peak_attempts_per_s.*': 'number',
  'failover_ms.p50': 'time',
  'failover_ms.p95': 'time',
  'failover_ms.max': 'time',
  'added_wait_ms.p50': 'time',
  'added_wait_ms.p95': 'time',
  recovery_ms: 'time',
  'tokens.total': 'number',
  wasted_tokens: 'number',
  cost_usd: 'number',
  'conduct.pass': 'number',
  'conduct.partial': 'number',
  'conduct.safe': 'number',
  'conduct.fail': 'number',
  'quality.baseline': 'share',
  'quality.served': 'share',
  'quality.drop': 'share',
  'crashes.count': 'number',
  'canary.availability': 'share',
  'canary.latency_ms.p50': 'time',
  'canary.latency_ms.p95': 'time',
  'canary.calls': 'number',
  'canary.usable': 'number',
  'served_by.*': 'share',
  'outcomes.*': 'number',
  calls: 'number',
};

export const boundable = Object.keys(fields);

/** What there is to write, outcomes by their names. */
export const boundableNames = boundable.flatMap((path) =>
  path === 'outcomes.*' ? outcomes.map((outcome) => `outcomes.${outcome}`) : [path],
);

/** Null for a path that is no figure. */
export function unitOf(path: string): Unit | null {
  if (path.startsWith('outcomes.')) return boundableNames.includes(path) ? 'number' : null;
  if (Object.hasOwn(fields, path)) return fields[path] ?? null;
  const dot = path.indexOf('.');
  const starred = `${path.slice(0, Math.max(0, dot))}.*`;
  const isNamed = dot > 0 && dot < path.length - 1 && Object.hasOwn(fields, starred);
  return isNamed ? (fields[starred] ?? null) : null;
}

/** What is wrong with a bound that its figure could only hold, or only breach; null: nothing. */
export function unitProblem(wanted: Unit, written: Unit, bound: number): string | null {
  switch (wanted) {
    case 'share': {
      const isShare = written !== 'time' && bound <= 1;
      return isShare ? null : 'is a share, at most 100%: write a bound like ">= 99%" or "<= 0.05"';
    }
    case 'time':
      return written === 'share' ? 'is a time: write a bound like "<= 6s"' : null;
    case 'number':
      return written === 'number' ? null : 'is a number: write a bound like "<= 2"';
    default:
      return wanted satisfies never;
  }
}
