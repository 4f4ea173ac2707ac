// What is found of an answer, and in which words it is told; and what its chain says of it.
import type { AnswerEvent } from '../history.ts';
import type { AttemptRecord, Outcome } from './call-record.ts';
import type { Evidence } from './evidence.ts';
import { textOf } from './evidence.ts';
import { broughtSoundVectors } from './steps.ts';

export interface Judgement {
  outcome: Outcome;
  /** One sentence. */
  because: string;
  /** What the caller got, '' where nothing. */
  text: string;
  servedBy: AttemptRecord | null;
  cachedFrom: number | null;
}

export type Finding = Omit<Judgement, 'text'>;

/** An answer in good order, unless the target itself refused. */
export function delivered(
  evidence: Evidence,
  by: AttemptRecord | null,
  because: string,
  outcome: 'complete' | 'continued' = 'complete',
): Finding {
  if (!by || !textOf(evidence, by)?.refusal) return found(outcome, because, by);
  return found('refused', `The answer is a refusal. ${because}`, by);
}

export function found(
  outcome: Outcome,
  because: string,
  servedBy: AttemptRecord | null = null,
): Finding {
  return { outcome, because, servedBy, cachedFrom: null };
}

/** A chain that asked for nothing but vectors answers with what it found by them. */
export function foundByVectors({ attempts }: Evidence): Finding | null {
  const last = attempts.findLast(broughtSoundVectors);
  if (!last || attempts.some(({ start }) => !start.vectors)) return null;
  return found('complete', `The chain found it by itself, with vectors of ${last.target}.`);
}

export function saysDegraded({ meta }: AnswerEvent): boolean {
  return meta?.degraded === true || meta?.served === 'degraded';
}

export function saysCached({ meta }: AnswerEvent): boolean {
  return meta?.served === 'cache' || meta?.cachedMs !== undefined;
}
