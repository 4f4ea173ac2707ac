// A report from what a run's folder holds: the joined history, or the finished trials of a run that
// was cut short.
import { existsSync } from 'node:fs';
import { InputError } from '../errors.ts';
import type { Report } from '../report.ts';
import { reportSchema } from '../report.ts';
import { readText } from '../scenario/yaml-file.ts';
import { readFinished } from './finished-trial.ts';
import type { TrialScores } from './make-report.ts';
import { makeReport } from './make-report.ts';
import { packed } from './packed-scores.ts';
import { replayWords } from './replay-words.ts';
import type { RunFolder } from './run-folder.ts';
import { historyName } from './run-folder.ts';
import { scoresIn } from './scores-in.ts';
import { writeReports } from './write-reports.ts';

export async function reportAgain(folder: RunFolder): Promise<Report> {
  const whole = folder.path(historyName);
  const files = existsSync(whole) ? [whole] : folder.parts().filter((file) => readFinished(file));
  if (files.length === 0) {
    throw new InputError('holds neither a history nor a finished trial', { file: folder.dir });
  }
  return reportOf(folder, files, earlierReport(folder));
}

/** Writes every report of the trials in `files`; `before` knows what only the run itself knew. */
export function reportOf(
  folder: RunFolder,
  files: string[],
  before: Pick<Report, 'trials' | 'wall'> | null,
): Report {
  const scores = files.flatMap((file) => Array.from(scoresIn(file), packed));
  const run = folder.read();
  const report = makeReport(withoutLoneTwins(scores), {
    ...replayWords(run),
    seed: scores[0]?.trial.seed ?? 0,
    wallMs: (scenario, trial) =>
      before?.trials.find((row) => row.scenario === scenario && row.trial === trial)?.wall_ms ?? 0,
    wall: before?.wall ?? {
      started: run?.started ?? '',
      ms: 0,
      workers: 0,
      node: process.version,
    },
  });
  writeReports(folder, report, files);
  return report;
}

/** A run that was cut short may have a twin, and not yet the trial that it is compared with. */
function withoutLoneTwins(scores: TrialScores[]): TrialScores[] {
  const nameOf = ({ trial }: TrialScores): string => `${trial.scenario} ${trial.trial}`;
  const own = new Set(scores.filter(({ trial }) => trial.twin === null).map(nameOf));
  const kept = scores.filter((score) => own.has(nameOf(score)));
  if (kept.length > 0) return kept;
  throw new InputError(
    'the run has no finished trial yet, only twins of some: go on with --resume',
  );
}

/** What only the run itself knew is taken from its report, where there is one. */
export function earlierReport(folder: RunFolder): Report | null {
  const file = folder.path('report.json');
  if (!existsSync(file)) return null;
  try {
    return reportSchema.parse(JSON.parse(readText(file, file, 512 * 1024 * 1024)));
  } catch {
    return null;
  }
}
