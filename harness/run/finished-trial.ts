// A finished trial as its file has it. Names of files say when a trial was written to the end; what
// a disk did to the bytes after that, only reading them says.
import { InputError } from '../errors.ts';
import type { TrialEvent } from '../history.ts';
import { readHistory } from './history-file.ts';
import type { TrialScores } from './make-report.ts';
import { TrialScoring } from './make-report.ts';

/** What the plan says of a trial. */
export type TrialName = Pick<TrialEvent, 'scenario' | 'trial' | 'twin' | 'seed'>;

/**
 * The scores of a trial. Null where the file is not one whole history: cut, damaged, or of another
 * trial than `name`.
 */
export function readFinished(file: string, name?: TrialName): TrialScores | null {
  const scoring = new TrialScoring();
  const seen = { events: 0, calls: 0, attempts: 0 };
  let whole = false;
  try {
    for (const event of readHistory(file)) {
      if ((seen.events++ === 0) !== (event.e === 'trial') || whole) return null;
      if (event.e === 'call') seen.calls++;
      else if (event.e === 'attempt') seen.attempts++;
      else if (event.e === 'close') {
        whole = event.calls === seen.calls && event.attempts === seen.attempts;
        if (!whole) return null;
      }
      scoring.event(event);
    }
  } catch (error) {
    if (error instanceof InputError) return null;
    throw error;
  }
  if (!whole) return null;
  const scores = scoring.end();
  return name && !isOf(scores.trial, name) ? null : scores;
}

function isOf({ scenario, trial, twin, seed }: TrialEvent, name: TrialName): boolean {
  return (
    scenario === name.scenario && trial === name.trial && twin === name.twin && seed === name.seed
  );
}
