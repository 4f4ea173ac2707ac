// The figures of a report that a threshold may bound, and what each is counted in.
import { outcomes } from '../outcome/outcomes.ts';

/** How a figure is written: 99%, 6s, or a plain number. */
export type Unit = 'share' | 'time' | 'number';

/** By path, with what it says; `*` stands for one name. */
const fields: Readonly<Record<string, readonly [unit: Unit, what: string]>> = {
  availability: ['share', 'calls with a whole answer, fresh or from a cache'],
  goodput: ['share', 'scored calls with a whole answer in time and good enough'],
  fallback_rate: ['share', 'answers of targets that did not come from the primary'],
  'cache.precision': [
    'share',
    'scored answers from a cache that are good enough for what was asked',
  ],
  'cache.hits': ['number', 'answers from a cache'],
  degraded_rate: ['share', "calls that got the application's own words"],
  degraded_of_unanswered: ['share', 'the same, of the calls that got no usable answer'],
  'latency_ms.p50': ['time', 'from the scheduled arrival to the end of the answer, the median'],
  'latency_ms.p95': [
    'time',
    'from the scheduled arrival to the end of the answer, nineteen of twenty calls',
  ],
  'latency_ms.p99': [
    'time',
    'from the scheduled arrival to the end of the answer, 99 of 100 calls',
  ],
  'latency_ms.max': ['time', 'from the scheduled arrival to the end of the answer, the longest'],
  'ttft_ms.p50': ['time', 'from the scheduled arrival to the first character, the median'],
  'ttft_ms.p95': [
    'time',
    'from the scheduled arrival to the first character, nineteen of twenty calls',
  ],
  'ttft_ms.p99': ['time', 'from the scheduled arrival to the first character, 99 of 100 calls'],
  'attempts_per_call.mean': ['number', 'attempts of a call, the mean'],
  'attempts_per_call.max': ['number', 'attempts of a call, the most'],
  'peak_attempts_per_s.*': ['number', 'the most attempts at a provider in one second'],
  'failover_ms.p50': ['time', 'from the first attempt to the one that served, the median'],
  'failover_ms.p95': [
    'time',
    'from the first attempt to the one that served, nineteen of twenty calls',
  ],
  'failover_ms.max': ['time', 'from the first attempt to the one that served, the longest'],
  'added_wait_ms.p50': ['time', 'the wait that the serving target is not to blame for, the median'],
  'added_wait_ms.p95': [
    'time',
    'the wait that the serving target is not to blame for, nineteen of twenty calls',
  ],
  recovery_ms: [
    'time',
    'from the end of the last fault on the primary to five calls in a row that it served',
  ],
  'tokens.total': ['number', 'tokens that were billed, in and out'],
  wasted_tokens: ['number', 'tokens that were billed for answers that nobody got'],
  cost_usd: ['number', 'what was billed, in USD'],
  'conduct.pass': ['number', 'calls that got what `expect` says, cleanly'],
  'conduct.partial': ['number', 'calls that were rescued, at a cost that others bear'],
  'conduct.safe': ['number', 'calls that were not rescued, but were told so clearly and in time'],
  'conduct.fail': [
    'number',
    'calls that hung, were shown damage as an answer, or cost too many attempts',
  ],
  'quality.baseline': ['share', "what the healthy primary's answers score"],
  'quality.served': ['share', 'what the answers score that users took for good'],
  'quality.drop': ['share', "how much lower these score than the healthy primary's"],
  'quality.critical.worse': [
    'number',
    "calls with a lower score than the healthy primary's, where a wrong answer is worse than none",
  ],
  'quality.critical.should_have_said_later': [
    'number',
    'of these, calls whose answer is not good enough: none would have been better',
  ],
  'crashes.count': ['number', 'errors that nothing in the chain caught'],
  'canary.availability': ['share', 'canary calls with a usable answer'],
  'canary.latency_ms.p50': ['time', 'how long canary calls take, the median'],
  'canary.latency_ms.p95': ['time', 'how long canary calls take, nineteen of twenty'],
  'canary.calls': ['number', 'canary calls'],
  'canary.usable': ['number', 'canary calls with a usable answer'],
  'served_by.*': ['share', 'answers that came from this target, `cache` or `degraded`'],
  'outcomes.*': ['number', 'calls with this outcome'],
  calls: ['number', 'all calls'],
};

export const boundable = Object.keys(fields);

/** What there is to write, outcomes by their names. */
export const boundableNames = boundable.flatMap((path) =>
  path === 'outcomes.*' ? outcomes.map((outcome) => `outcomes.${outcome}`) : [path],
);

/** Null for a path that is no figure. */
export function unitOf(path: string): Unit | null {
  if (path.startsWith('outcomes.') && !boundableNames.includes(path)) return null;
  return fieldOf(path)?.[0] ?? null;
}

/** What the figure says, in a few words. */
export function meaningOf(path: string): string {
  return fieldOf(path)?.[1] ?? '';
}

function fieldOf(path: string): readonly [unit: Unit, what: string] | undefined {
  if (Object.hasOwn(fields, path)) return fields[path];
  const dot = path.indexOf('.');
  const starred = `${path.slice(0, Math.max(0, dot))}.*`;
  const isNamed = dot > 0 && dot < path.length - 1 && Object.hasOwn(fields, starred);
  return isNamed ? fields[starred] : undefined;
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
