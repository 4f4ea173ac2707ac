// Thresholds: what a good chain can promise in a scenario, as bounds on report fields, and the
// verdict of each. A bound on a figure without a value is breached: no claim without evidence; only
// where the scenario gave no occasion (nothing failed over, nothing had to recover) it is held.
import { z } from 'zod';
import { expectedText, expecting, telling } from './issue.ts';
import { unknownWord } from './nearest.ts';
import type { Unit } from './report-field.ts';
import { boundableNames, unitOf, unitProblem } from './report-field.ts';
import { durationMs } from './units.ts';

export type Threshold =
  | { path: 'invariants'; ids: 'all' | string[] }
  | { path: string; op: '<=' | '>=' | '<' | '>' | '=='; bound: number; text: string };

const boundWords = 'a bound like ">= 99%", "<= 6s" or "== 0"';
const idWords = 'all, or a list of invariants like [I01, I05]';

export const bound = z.string({ error: expecting(boundWords) }).transform((text, context) => {
  const match = /^(<=|>=|==|<|>)\s*(\S+)$/.exec(text.trim());
  const value = match ? boundValue(match[2] ?? '') : null;
  if (!match || value === null) {
    context.addIssue({ code: 'custom', message: expectedText(boundWords, text) });
    return z.NEVER;
  }
  return { op: match[1] as '<=', ...value, text: text.trim() };
});

export const invariantIds = z
  .union(
    [
      z.literal('all'),
      z.array(z.string().regex(/^I(0[1-9]|1\d|2[0-8])$/, 'expected I01 to I28')).min(1),
    ],
    { error: expecting(idWords) },
  )
  .describe('Which invariants must hold: all, or a list like [I01, I05].');

export const thresholds = z.record(z.string(), z.unknown()).transform((given, context) =>
  Object.entries(given).flatMap(([path, value]) => {
    const read = thresholdAt(path, value);
    if (typeof read !== 'string') return read;
    context.addIssue({ code: 'custom', path: [path], message: read });
    return [];
  }),
);

/** A threshold, or what is wrong with it. */
function thresholdAt(path: string, value: unknown): Threshold | string {
  if (path === 'invariants') {
    const ids = invariantIds.safeParse(value, telling);
    return ids.success ? { path, ids: ids.data } : messageOf(ids.error);
  }
  const unit = unitOf(path);
  if (unit === null) return unknownWord('report field', path, [...boundableNames, 'invariants']);
  const read = bound.safeParse(value, telling);
  if (!read.success) return messageOf(read.error);
  const { unit: written, ...given } = read.data;
  const problem = unitProblem(unit, written, given.bound);
  return problem === null ? { path, ...given } : `${problem}, found ${given.text}`;
}

function messageOf({ issues }: z.ZodError): string {
  return issues[0]?.message ?? 'is not valid';
}

/** A plain number, a share, or a duration in ms. */
function boundValue(text: string): { bound: number; unit: Unit } | null {
  if (/^-?\d+(\.\d+)?$/.test(text)) return { bound: Number(text), unit: 'number' };
  if (/^\d+(\.\d+)?%$/.test(text)) {
    return { bound: Number(text.slice(0, -1)) / 100, unit: 'share' };
  }
  const ms = durationMs(text);
  return ms === null ? null : { bound: ms, unit: 'time' };
}

export interface Verdict {
  path: string;
  /** The bound as written. */
  bound: string;
  /** The figure; null where there is none. */
  value: number | null;
  held: boolean;
  /** Why there is no value, or which invariants were violated; null where it held. */
  reason: string | null;
}

/** What judging needs of a report's row. */
export interface Judged {
  figures: Record<string, unknown>;
  reasons: Record<string, string>;
  invariants: Record<string, { status: string }>;
}

export function judge(thresholds: Threshold[], judged: Judged): Verdict[] {
  return thresholds.map((threshold) => {
    if ('ids' in threshold) return judgeInvariants(threshold.ids, judged);
    const { path, op, bound, text } = threshold;
    const value = figureAt(judged.figures, path);
    if (value === null) {
      const reason = judged.reasons[path] ?? 'no value';
      return { path, bound: text, value, held: isNotApplicable(path, reason), reason };
    }
    const held = compare(value, op, bound);
    return { path, bound: text, value, held, reason: null };
  });
}

/**
 * Nothing failed over, nothing had to recover, nobody went without an answer: there was nothing to
 * be slow or silent at. Every other figure without a value is a claim without evidence, and
 * breaches.
 */
function isNotApplicable(path: string, reason: string): boolean {
  if (path === 'recovery_ms') return reason !== 'not recovered';
  if (path === 'degraded_of_unanswered') return reason === 'every call got a usable answer';
  return path.startsWith('failover_ms.');
}

function judgeInvariants(ids: 'all' | string[], judged: Judged): Verdict {
  const wanted = ids === 'all' ? Object.keys(judged.invariants) : ids;
  const violated = wanted.filter((id) => judged.invariants[id]?.status === 'violated');
  return {
    path: 'invariants',
    bound: ids === 'all' ? 'all' : ids.join(', '),
    value: violated.length,
    held: violated.length === 0,
    reason: violated.length === 0 ? null : `violated: ${violated.join(', ')}`,
  };
}

/**
 * The number at a path like `latency_ms.p95` or `canary.latency_ms.p95`; a target's own name may
 * hold dots and slashes.
 */
export function figureAt(figures: Record<string, unknown>, path: string): number | null {
  const dot = path.indexOf('.');
  const head = dot === -1 ? path : path.slice(0, dot);
  const value = Object.hasOwn(figures, head) ? figures[head] : undefined;
  if (dot === -1) return typeof value === 'number' ? value : null;
  if (typeof value !== 'object' || value === null) return null;
  const key = path.slice(dot + 1);
  const inner: unknown = Object.hasOwn(value, key) ? Reflect.get(value, key) : undefined;
  if (typeof inner === 'number') return inner;
  if (key.includes('.') && !countable.has(head)) return figureAt({ ...value }, key);
  // A share or count of something that never occurred is 0: "no call was spliced".
  return inner === undefined && countable.has(head) ? 0 : null;
}

const countable = new Set(['outcomes', 'served_by', 'peak_attempts_per_s']);

function compare(value: number, op: '<=' | '>=' | '<' | '>' | '==', bound: number): boolean {
  switch (op) {
    case '<=':
      return value <= bound;
    case '>=':
      return value >= bound;
    case '<':
      return value < bound;
    case '>':
      return value > bound;
    case '==':
      return value === bound;
    default:
      return op satisfies never;
  }
}
