// Scores of finished trials as a long run keeps them: tallies as text, which takes a sixth of the
// memory, and are read each time that they are asked for.
import type { TrialScores } from './make-report.ts';

export function packed({ trial, virtualMs, tallies, stopped }: TrialScores): TrialScores {
  const text = JSON.stringify(tallies);
  return {
    trial,
    virtualMs,
    ...(stopped ? { stopped } : {}),
    get tallies() {
      return JSON.parse(text);
    },
  };
}
