// How often answers from a cache were right: an answer to another question, or one that has gone
// stale, is served with the same confidence as any other. Judged by the checks of the question that
// was asked, not of the one that the answer was for.
import { ratio, withReasons } from '../scoring/figures.ts';
import type { Scorer } from './scorer.ts';

interface Tally {
  /** Answers from a cache. */
  hits: number;
  /** Of these, those that score at or above the scenario's floor. */
  right: number;
  /** Of these, those that nothing scores. */
  unscored: number;
}

export const cache: Scorer<Tally & { floor: number }, Tally> = {
  name: 'cache',
  start: ({ floor }) => ({ hits: 0, right: 0, unscored: 0, floor }),
  call(state, { outcome, answer }) {
    if (outcome !== 'cached') return;
    state.hits++;
    const score = answer?.score ?? null;
    if (score === null) state.unscored++;
    else if (score >= state.floor) state.right++;
  },
  end: ({ hits, right, unscored }) => ({ hits, right, unscored }),
  merge: (a, b) => ({
    hits: a.hits + b.hits,
    right: a.right + b.right,
    unscored: a.unscored + b.unscored,
  }),
  figures({ hits, right, unscored }) {
    const why = hits === 0 ? 'no answer from a cache' : 'no answer from a cache has a score';
    const precision = ratio(right, hits - unscored, why);
    return withReasons({ cache: { hits, right, unscored, precision } });
  },
};
