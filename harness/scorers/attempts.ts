// The load that a chain puts on providers: attempts per call, and the most in one second, which is
// what a provider that is already down gets to feel.
import type { AttemptEvent } from '../history.ts';
import { Missing, ratio, withReasons } from '../scoring/figures.ts';
import type { Scorer } from './scorer.ts';

interface Tally {
  /** Aborted ones aside. */
  calls: number;
  attempts: number;
  /** The most that one call made until its end. */
  max: number;
  unattributed: number;
  /** Most attempts in one second, by provider. */
  peak: Record<string, number>;
}

interface Second {
  second: number;
  attempts: number;
  peak: number;
}

interface State {
  calls: number;
  max: number;
  unattributed: number;
  /** Attempts that belong to a call, as they begin; those of aborted calls are taken off. */
  attempts: number;
  seconds: Map<string, Second>;
}

export const attempts: Scorer<State, Tally> = {
  name: 'attempts',
  start: () => ({ calls: 0, max: 0, unattributed: 0, attempts: 0, seconds: new Map() }),
  event(state, event) {
    if (event.e !== 'attempt') return;
    if (event.call === null) state.unattributed++;
    else state.attempts++;
    tick(state.seconds, event);
  },
  call(state, { outcome, attempts }) {
    if (outcome === 'aborted') {
      state.attempts -= attempts.length;
      return;
    }
    state.calls++;
    if (attempts.length > state.max) state.max = attempts.length;
  },
  end({ calls, max, unattributed, attempts, seconds }) {
    const peak = Object.fromEntries([...seconds].map(([provider, { peak }]) => [provider, peak]));
    return { calls, attempts, max, unattributed, peak };
  },
  merge(a, b) {
    const peak = { ...a.peak };
    for (const [provider, most] of Object.entries(b.peak)) {
      peak[provider] = Math.max(peak[provider] ?? 0, most);
    }
    return {
      calls: a.calls + b.calls,
      attempts: a.attempts + b.attempts,
      max: Math.max(a.max, b.max),
      unattributed: a.unattributed + b.unattributed,
      peak,
    };
  },
  figures({ calls, attempts, max, unattributed, peak }) {
    const none = 'no calls but aborted ones';
    return withReasons({
      attempts_per_call: {
        mean: ratio(attempts, calls, none),
        max: calls === 0 ? new Missing(none) : max,
      },
      peak_attempts_per_s: sorted(peak),
      unattributed,
    });
  },
};

/** Attempts come in order of time, so that one open second per provider is enough. */
function tick(seconds: Map<string, Second>, { provider, t }: AttemptEvent): void {
  const second = Math.floor(t / 1_000);
  const open = seconds.get(provider);
  if (!open) {
    seconds.set(provider, { second, attempts: 1, peak: 1 });
    return;
  }
  if (open.second !== second) {
    open.second = second;
    open.attempts = 0;
  }
  open.attempts++;
  if (open.attempts > open.peak) open.peak = open.attempts;
}

function sorted(record: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}
