// Who served: the early warning before callers notice anything. A share of answers, not of calls;
// errors were served by nobody.
import { ratio, withReasons } from '../scoring/figures.ts';
import type { Scorer } from './scorer.ts';

interface Tally {
  /** Answers by target; `cache` and `degraded` beside them. */
  by: Record<string, number>;
  /** Answers of targets other than the primary. */
  fallbacks: number;
  /** Of these, how many calls never asked the primary (an open breaker). */
  skipped: number;
}

interface State extends Tally {
  primary: string;
}

export const fallback: Scorer<State, Tally> = {
  name: 'fallback',
  start: (view) => ({ by: {}, fallbacks: 0, skipped: 0, primary: view.trial.primary }),
  call(state, { outcome, servedBy, attempts }) {
    const who = servedBy?.target ?? ownWays[outcome];
    if (who === undefined) return;
    state.by[who] = (state.by[who] ?? 0) + 1;
    if (!servedBy || servedBy.target === state.primary) return;
    state.fallbacks++;
    if (!attempts.some((attempt) => attempt.target === state.primary)) state.skipped++;
  },
  end: ({ by, fallbacks, skipped }) => ({ by, fallbacks, skipped }),
  merge(a, b) {
    const by = { ...a.by };
    for (const [who, times] of Object.entries(b.by)) by[who] = (by[who] ?? 0) + times;
    return { by, fallbacks: a.fallbacks + b.fallbacks, skipped: a.skipped + b.skipped };
  },
  figures({ by, fallbacks, skipped }) {
    const all = Object.values(by).reduce((sum, times) => sum + times, 0);
    const byTargets = all - (by.cache ?? 0) - (by.degraded ?? 0);
    const shares = Object.entries(by)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([who, times]) => [who, times / all]);
    return withReasons({
      fallback_rate: ratio(fallbacks, byTargets, 'no answer of a target'),
      served_by: Object.fromEntries(shares),
      skipped,
    });
  },
};

const ownWays: Readonly<Partial<Record<string, string>>> = {
  cached: 'cache',
  degraded: 'degraded',
};
