// Most rules ask one question of one finished call. This turns such a question into an invariant:
// it counts calls, keeps the first violation, and builds words only for that one.
import type { HistoryEvent } from '../history.ts';
import type { Limits } from '../limits.ts';
import type { CallRecord } from '../outcome/call-record.ts';
import type { TrialView } from '../scorers/scorer.ts';
import type { Invariant, InvariantTally, Violation } from './invariant.ts';

/** What a rule says of one call: not put to the test, held, or broken. */
export type Finding = null | 'held' | Broken;

export interface Broken {
  /** ms since the start of the trial. */
  at: number;
  text(): string;
}

/** `Known` is what the rule remembers of the trial; most remember nothing but the view. */
export interface CallRule<Known> {
  id: string;
  rule: string;
  example: string;
  /** The limit that the verdict uses, as text. */
  limit?(limits: Limits): string;
  know(view: TrialView): Known;
  event?(known: Known, event: HistoryEvent): void;
  judge(known: Known, record: CallRecord): Finding;
}

export interface RuleState<Known> {
  known: Known;
  limits: Limits;
  exercised: number;
  violations: number;
  first: Violation | null;
}

export function callRule<Known>(settings: CallRule<Known>): Invariant<RuleState<Known>> {
  const { id, rule, example, limit, know, event, judge } = settings;
  return {
    id,
    rule,
    example,
    twin: null,
    start: (view) => ({
      known: know(view),
      limits: view.limits,
      exercised: 0,
      violations: 0,
      first: null,
    }),
    ...(event ? { event: ({ known }, e) => event(known, e) } : {}),
    call(state, record) {
      const finding = judge(state.known, record);
      if (finding === null) return;
      state.exercised++;
      if (finding === 'held') return;
      state.violations++;
      state.first ??= { call: record.call.call, at: finding.at, text: finding.text() };
    },
    end: ({ limits, exercised, violations, first }): InvariantTally => ({
      exercised,
      violations,
      first,
      limit: limit ? limit(limits) : null,
    }),
  };
}
