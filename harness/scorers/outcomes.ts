// What callers got: counts of outcomes, and the shares of calls that a service level is about.
// Aborted calls are in no denominator; samples that nobody can score are not in goodput's.
import type { Outcome } from '../outcome/call-record.ts';
import { usable } from '../outcome/outcome-kinds.ts';
import { outcomes as allOutcomes } from '../outcome/outcomes.ts';
import { isGood, isUnscored } from '../scoring/answer-scores.ts';
import { Missing, ratio, withReasons } from '../scoring/figures.ts';
import { wilson } from '../scoring/wilson.ts';
import type { Scorer, TrialView } from './scorer.ts';

interface Tally {
  outcomes: Record<Outcome, number>;
  /** Usable, within the deadline, and good enough. */
  good: number;
  /** Calls, aborted ones aside, of which nobody can say how good the answer is. */
  unscored: number;
}

interface State extends Tally {
  deadlineMs: number | null;
  floor: number;
}

export const outcomes: Scorer<State, Tally> = {
  name: 'outcomes',
  start: ({ deadlineMs, floor }: TrialView) => ({
    outcomes: none(),
    good: 0,
    unscored: 0,
    deadlineMs,
    floor,
  }),
  call(state, record) {
    state.outcomes[record.outcome]++;
    if (record.outcome === 'aborted') return;
    if (isUnscored(record)) state.unscored++;
    else if (isGood(state, record)) state.good++;
  },
  end: ({ outcomes, good, unscored }) => ({ outcomes, good, unscored }),
  merge(a, b) {
    const merged = none();
    for (const outcome of allOutcomes) merged[outcome] = a.outcomes[outcome] + b.outcomes[outcome];
    return { outcomes: merged, good: a.good + b.good, unscored: a.unscored + b.unscored };
  },
  figures({ outcomes, good, unscored }) {
    const calls = allOutcomes.reduce((sum, outcome) => sum + outcomes[outcome], 0);
    const judged = calls - outcomes.aborted;
    const scored = judged - unscored;
    const delivered = [...usable].reduce((sum, outcome) => sum + outcomes[outcome], 0);
    const noCalls = 'no calls but aborted ones';
    const noScored = 'no call whose answer can be scored';
    return withReasons({
      calls,
      aborted: outcomes.aborted,
      outcomes: { ...outcomes },
      availability: ratio(delivered, judged, noCalls),
      availability_ci95: judged === 0 ? new Missing(noCalls) : wilson(delivered, judged),
      goodput: ratio(good, scored, noScored),
      goodput_ci95: scored === 0 ? new Missing(noScored) : wilson(good, scored),
      unscored,
      degraded_rate: ratio(outcomes.degraded, judged, noCalls),
      degraded_of_unanswered: ratio(
        outcomes.degraded,
        judged - delivered,
        'every call got a usable answer',
      ),
    });
  },
};

function none(): Record<Outcome, number> {
  return Object.fromEntries(allOutcomes.map((outcome) => [outcome, 0])) as Record<Outcome, number>;
}
