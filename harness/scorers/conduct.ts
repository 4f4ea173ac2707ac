// Four grades for a scenario that says what it expects (`expect`), after the public Failover Bench.
// pass: the caller got what it should, and the chain's conduct was clean. partial: rescued, with
// something that others pay for. safe: not rescued, but told so clearly and in time. fail: a hang,
// a damaged answer shown as success, more attempts than allowed, or no life after.
// @see https://github.com/failoverbench/failoverbench
import type { CallRecord } from '../outcome/call-record.ts';
import { usable } from '../outcome/outcome-kinds.ts';
import type { Expectation } from '../scenario/expectation.ts';
import { blemishOf } from '../scoring/conduct-blemish.ts';
import { isOnlyTold } from './faults.ts';
import type { Scorer, TrialView } from './scorer.ts';

/** From best to worst. */
export const grades = ['pass', 'partial', 'safe', 'fail'] as const;

export type Grade = (typeof grades)[number];

interface Example {
  trial: number;
  call: number;
  why: string;
}

interface Tally {
  /** Null where the scenario expects nothing. */
  counts: Record<Grade, number> | null;
  /** The first call of each grade below `pass`. */
  examples: Partial<Record<Grade, Example>>;
}

interface State extends Tally {
  view: TrialView;
  expects: Expectation | null;
}

export const conduct: Scorer<State, Tally> = {
  name: 'conduct',
  start(view) {
    const expects = view.trial.setting.expect ?? null;
    return { view, expects, counts: expects && none(), examples: {} };
  },
  call(state, record) {
    if (!state.expects || !state.counts || record.outcome === 'aborted') return;
    const { grade, why } = gradeOf(state.view, state.expects, record);
    state.counts[grade]++;
    if (grade === 'pass') return;
    const { trial } = state.view.trial;
    state.examples[grade] ??= { trial, call: record.call.call, why };
  },
  end: ({ counts, examples }) => ({ counts, examples }),
  merge(a, b) {
    if (!a.counts || !b.counts) return a.counts ? a : b;
    const counts = none();
    for (const grade of grades) counts[grade] = a.counts[grade] + b.counts[grade];
    return { counts, examples: { ...b.examples, ...a.examples } };
  },
  figures({ counts, examples }) {
    if (!counts) return { conduct: null, reasons: { conduct: 'the scenario expects nothing' } };
    const grade = grades.findLast((one) => counts[one] > 0) ?? null;
    const example = (grade && examples[grade]) ?? null;
    const first = example && { trial: example.trial, call: example.call };
    return {
      conduct: { grade, ...counts, why: example?.why ?? null, first },
      reasons: grade === null ? { 'conduct.grade': 'no calls but aborted ones' } : {},
    };
  },
};

function none(): Record<Grade, number> {
  return { pass: 0, partial: 0, safe: 0, fail: 0 };
}

interface Graded {
  grade: Grade;
  /** One sentence; '' for a pass. */
  why: string;
}

function gradeOf(view: TrialView, expects: Expectation, record: CallRecord): Graded {
  const { outcome, attempts, because } = record;
  if (outcome === 'hung') return { grade: 'fail', why: `The call never ended. ${because}` };
  const rescued = usable.has(outcome);
  const told = outcome === 'error' || outcome === 'degraded' || outcome === 'refused';
  if (!rescued && !told) return { grade: 'fail', why: `A damaged answer: ${outcome}. ${because}` };
  const excess = tooMany(view, expects, record);
  if (excess !== null) return { grade: 'fail', why: excess };
  const met = attempts.some(({ effects }) =>
    effects.some(({ rule, effect }) => rule >= 0 && !isOnlyTold(effect)),
  );
  if (!met) return rescued ? pass : { grade: 'fail', why: `No life after: ${because}` };
  return rescued ? rescuedGrade(view, expects, record) : toldGrade(view, expects, record);
}

const pass: Graded = { grade: 'pass', why: '' };

function tooMany(view: TrialView, expects: Expectation, record: CallRecord): string | null {
  const { attempts } = record;
  if (expects.attempts !== undefined && attempts.length > expects.attempts) {
    return `${attempts.length} attempts where ${expects.attempts} are allowed`;
  }
  const own = attempts.filter(({ target }) => target === view.trial.primary).length;
  if (expects.primary === undefined || own <= expects.primary) return null;
  return `${own} attempts on the primary where ${expects.primary} can help`;
}

function rescuedGrade(view: TrialView, expects: Expectation, record: CallRecord): Graded {
  if (expects.caller === 'clean-error') {
    // Whom the first attempt answers was not rejected.
    if (record.attempts.length < 2) return pass;
    const by = record.servedBy?.target ?? 'a cache';
    return { grade: 'partial', why: `A rejection was routed around in silence, to ${by}` };
  }
  const why = blemishOf(view, expects, record);
  return why === null ? pass : { grade: 'partial', why };
}

/** Grants the step that a timer of the chain is late. */
const marginMs = 1_000;

function toldGrade(view: TrialView, expects: Expectation, record: CallRecord): Graded {
  const { answer, call, because, outcome } = record;
  const tookMs = (answer?.t ?? call.due) - call.due;
  const { deadlineMs } = view.limits;
  if (tookMs > deadlineMs + marginMs) {
    return { grade: 'fail', why: `No answer after ${tookMs / 1000} s, and only then an error` };
  }
  const clean = expects.caller === 'clean-error' && outcome !== 'degraded';
  return clean ? pass : { grade: 'safe', why: because };
}
