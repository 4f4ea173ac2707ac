import { InputError } from '../errors.ts';
import type { TrialEvent } from '../history.ts';
import type { Scorers } from '../scoring/score.ts';
import { readHistory } from './history-file.ts';
import type { TrialScores } from './make-report.ts';
import { TrialScoring } from './make-report.ts';

/**
 * The scores of a history's trials, one after the other. `wanted`: of which trials; all. `scorers`:
 * by which; those of reports. Throws InputError where the file ends within a trial.
 */
export function* scoresIn(
  file: string,
  wanted: (trial: TrialEvent) => boolean = () => true,
  scorers?: Scorers,
): Generator<TrialScores> {
  let scoring: TrialScoring | null = null;
  for (const event of readHistory(file)) {
    if (event.e === 'trial') scoring = wanted(event) ? new TrialScoring(scorers) : null;
    scoring?.event(event);
    if (event.e === 'close' && scoring) {
      yield scoring.end();
      scoring = null;
    }
  }
  if (scoring) {
    throw new InputError('is damaged: it ends within a trial, the run has to be drilled again', {
      file,
    });
  }
}
