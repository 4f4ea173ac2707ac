// Every prompt on every target: what a user gets where only that one is up, what it is worth, and
// which checks it does not pass.
import { grade } from '../checks/grade.ts';
import type { Sample, Workload } from '../workloads/workload.ts';
import type { Driven } from './drive.ts';
import type { Cell, SampleRow, Stray } from './portability-report.ts';
import type { Got } from './read-trial.ts';

/** By target, then by sample. */
export type Answers = ReadonlyMap<string, ReadonlyMap<string, Got>>;

/** Targets in order, the primary first; those without a trial have no cells. */
export function matrixOf(workload: Workload, driven: readonly Driven[], got: Answers): SampleRow[] {
  const asked = driven.filter(({ standing }) => standing === 'asked');
  const [primary] = asked;
  const of = (target: string, sample: string): Got | null => got.get(target)?.get(sample) ?? null;
  const reworks = isReworked([...(got.get(primary?.target ?? '')?.values() ?? [])]);
  return workload.samples.map((sample) => ({
    sample: sample.id,
    family: sample.family,
    critical: sample.critical,
    cells: asked.map(({ target }) => {
      const own = of(target, sample.id);
      const base = primary && target !== primary.target ? of(primary.target, sample.id) : null;
      return cellOf(target, sample, own, own && base && pairOf(base, own, reworks));
    }),
  }));
}

function cellOf(target: string, sample: Sample, got: Got | null, base: number | null): Cell {
  if (!got) {
    const none = { score: null, drop: null, failed: [], answer: null };
    const why = 'the workload has no recording of it for this sample';
    return { target, status: 'no-recording', ...none, why };
  }
  const { status, score, text, why } = got;
  return {
    target,
    status,
    score,
    drop: score === null || base === null ? null : base - score,
    failed: failedOf(sample, got),
    answer: text === '' ? null : text,
    why,
  };
}

/**
 * The primary's score to compare with. Where it answers, that is its answer to this very call: with
 * several recordings, both sides then have the same draw. A chain that makes something else of its
 * answers is compared by what it made of them: what it would make of another draw nobody knows.
 */
function pairOf(primary: Got, got: Got, reworks: boolean): number | null {
  if (primary.status !== 'answered' || reworks) return primary.score;
  return got.healthy ?? primary.score;
}

/** What users get of the primary is worth more or less than what it sends. */
function isReworked(answers: readonly Got[]): boolean {
  return answers.some(
    ({ status, score, healthy }) =>
      status === 'answered' && score !== null && healthy !== null && score !== healthy,
  );
}

function failedOf(sample: Sample, { status, text, wellFormed, judged }: Got): string[] {
  const { checks, schema } = sample;
  if (status === 'failed' || status === 'not-asked' || status === 'other') return [];
  const form = schema !== null && !wellFormed ? ['schema'] : [];
  const words = (sample.judged ?? []).flatMap(({ id, rubric }) => {
    const verdict = judged.find((one) => one.rubric === id);
    if (!verdict || verdict.score === null || verdict.score === 1) return [];
    const why = verdict.why ? ` (${verdict.why})` : '';
    return [`judged ${verdict.choice ?? 'otherwise'}: ${JSON.stringify(rubric)}${why}`];
  });
  return [...form, ...grade(checks, text).failed, ...words];
}

/** Good on the primary, bad or nothing on another. */
export function straysOf(rows: readonly SampleRow[], floor: number): Stray[] {
  return rows.flatMap(({ sample, family, critical, cells: [primary, ...others] }) =>
    others.flatMap((cell): Stray[] => {
      const { target, score, drop } = cell;
      if (!primary || score === null || drop === null) return [];
      const before = score + drop;
      if (before < floor || score >= floor) return [];
      return [{ sample, family, critical, target, primary: before, score, why: whyOf(cell) }];
    }),
  );
}

function whyOf({ why, failed }: Cell): string {
  if (why !== null) return why;
  return failed.length > 0 ? `fails ${failed.join('; ')}` : 'graded so by whoever recorded it';
}
