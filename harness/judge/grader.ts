// What a text is worth as an answer to a sample: its plain checks, which are decided here, and the
// verdicts of the judge, which are known before the first call. A text without one is not scored:
// that nobody judged it, or that the judge failed, says nothing about it.
import { grade } from '../checks/grade.ts';
import type { JudgedEvent, Unjudged } from '../history.ts';
import type { Sample } from '../workloads/workload.ts';
import { textHash } from './judged-check.ts';
import { verdictKey } from './verdict.ts';

/** 0 to 1; null where nothing tells, and why where that is for want of a verdict. */
export interface Scored {
  score: number | null;
  unjudged?: Unjudged;
}

export type Grader = (sample: Sample, text: string) => Scored;

/** By the verdicts that a trial has drawn. */
export function byVerdicts(verdicts: readonly JudgedEvent[]): Grader {
  const known = new Map(verdicts.map((one) => [verdictKey(one.sample, one.rubric, one.hash), one]));
  return (sample, text) => {
    const { judged = [], checks } = sample;
    if (judged.length === 0) {
      return { score: checks.length === 0 ? null : grade(checks, text).score };
    }
    // No model has to be asked what nothing is worth.
    if (text.trim() === '') return { score: 0 };
    const hash = textHash(text);
    let total = 0;
    let sum = 0;
    for (const { id, weight } of judged) {
      const verdict = known.get(verdictKey(sample.id, id, hash));
      if (!verdict) return { score: null, unjudged: 'no-verdict' };
      if (verdict.score === null) return { score: null, unjudged: 'judge-failed' };
      total += weight;
      sum += weight * verdict.score;
    }
    if (checks.length > 0) {
      const weight = checks.reduce((all, check) => all + check.weight, 0);
      total += weight;
      sum += weight * grade(checks, text).score;
    }
    return { score: sum / total };
  };
}

/** Where no judge was asked: what a judged check decides is not scored. */
export const byChecks: Grader = byVerdicts([]);
