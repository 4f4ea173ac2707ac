// The files that were drilled, and the commands that bring a scenario or one of its calls back, as
// the run was started: in the words of its run.json, so that a report written later has the same.
import { replayLine, runLine } from '../command-words.ts';
import type { RunFacts } from './make-report.ts';
import type { RunFile } from './run-folder.ts';

export function replayWords(run: RunFile | null): Pick<RunFacts, 'replay' | 'again' | 'files'> {
  const words = run?.replay ?? '';
  const live = run?.live === undefined ? '' : ` ${run.live}`;
  const named = (scenario: string): string => run?.scenarios[scenario] ?? scenario;
  return {
    replay: (scenario, trial, call) => replayLine(named(scenario), words, { trial, call }),
    files: (scenario) => ({
      scenario: run?.files.scenarios[scenario] ?? null,
      chain: run?.files.chain ?? null,
    }),
    again: (scenario) => runLine(named(scenario), `${words}${live}`, run?.trials ?? 1),
  };
}
