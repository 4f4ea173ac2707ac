// Errors that nothing in the chain catches: in production each ends the process. Calls in flight at
// such an instant are errors, and counted as such; this says how often, and what was thrown first.
import type { Scorer } from './scorer.ts';

interface First {
  trial: number;
  at_ms: number;
  error: string;
}

interface Tally {
  count: number;
  first: First | null;
}

export const crashes: Scorer<Tally & { trial: number }, Tally> = {
  name: 'crashes',
  start: ({ trial }) => ({ count: 0, first: null, trial: trial.trial }),
  event(state, event) {
    if (event.e !== 'crash') return;
    state.count++;
    const { name, message } = event.error;
    state.first ??= { trial: state.trial, at_ms: event.t, error: `${name}: ${message}` };
  },
  end: ({ count, first }) => ({ count, first }),
  merge: (a, b) => ({ count: a.count + b.count, first: a.first ?? b.first }),
  figures: ({ count, first }) => ({ crashes: first ? { count, first } : { count } }),
};
