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
  /** Of these, those with a usable answer. */
  unscored_usable: number;
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
    unscored_usable: 0,
    deadlineMs,
    floor,
  }),
  call(state, record) {
    state.outcomes[record.outcome]++;
    if (record.outcome === 'aborted') return;
    if (isUnscored(record)) {
      state.unscored++;
      if (usable.has(record.outcome)) state.unscored_usable++;
    } else if (isGood(state, record)) state.good++;
  },
  end: ({ outcomes, good, unscored, unscored_usable }) => {
    return { outcomes, good, unscored, unscored_usable };
  },
  merge(a, b) {
    const merged = none();
    for (const outcome of allOutcomes) merged[outcome] = a.outcomes[outcome] + b.outcomes[outcome];
    return {
      outcomes: merged,
      good: a.good + b.good,
      unscored: a.unscored + b.unscored,
      unscored_usable: a.unscored_usable + b.unscored_usable,
    };
  },
  figures({ outcomes, good, unscored, unscored_usable }) {
    const calls = allOutcomes.reduce((sum, outcome) => sum + outcomes[outcome], 0);
    const judged = calls - outcomes.aborted;
    const scored = judged - unscored;
    const delivered = [...usable].reduce((sum, outcome) => sum + outcomes[outcome], 0);
    const noCalls = 'no calls but aborted ones';
    // Failures alone say nothing of how good the answers are.
    const isBlind = scored === 0 || (delivered > 0 && delivered === unscored_usable);
    const noScored = 'no call whose answer can be scored';
    return withReasons({
      calls,
      aborted: outcomes.aborted,
      outcomes: { ...outcomes },
      availability: ratio(delivered, judged, noCalls),
      availability_ci95: judged === 0 ? new Missing(noCalls) : wilson(delivered, judged),
      goodput: ratio(good, isBlind ? 0 : scored, noScored),
      goodput_ci95: isBlind ? new Missing(noScored) : wilson(good, scored),
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
