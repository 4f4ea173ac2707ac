// A report from what a run's folder holds: the joined history, or the finished trials of a run that
// was cut short.
import { existsSync } from 'node:fs';
import { InputError } from './errors.ts';
import { readHistory } from './history-file.ts';
import type { TrialScores } from './make-report.ts';
import { makeReport, TrialScoring } from './make-report.ts';
import type { Report } from './report.ts';
import { reportSchema } from './report.ts';
import { againLine, replayLine } from './run.ts';
import type { RunFolder } from './run-folder.ts';
import { historyName } from './run-folder.ts';
import { writeReports } from './write-reports.ts';
import { readText } from './yaml-file.ts';

export async function reportAgain(folder: RunFolder): Promise<Report> {
  const whole = folder.path(historyName);
  const files = existsSync(whole) ? [whole] : folder.parts();
  if (files.length === 0) {
    throw new InputError('holds neither a history nor a finished trial', { file: folder.dir });
  }
  const scores: TrialScores[] = [];
  for (const file of files) {
    let scoring: TrialScoring | null = null;
    for (const event of readHistory(file)) {
      if (event.e === 'trial') scoring = new TrialScoring();
      scoring?.event(event);
      if (event.e === 'close' && scoring) scores.push(scoring.end());
    }
  }
  const before = earlier(folder);
  const report = makeReport(scores, {
    seed: scores[0]?.trial.seed ?? 0,
    replay: before.replay,
    again: before.again,
    wallMs: before.wallMs,
    wall: before.wall,
  });
  writeReports(folder, report, files);
  return report;
}

/** What only the run itself knew: taken from its report, where there is one. */
function earlier(folder: RunFolder): {
  replay(scenario: string, trial: number, call: number): string;
  again(scenario: string): string;
  wallMs(scenario: string, trial: number): number;
  wall: Report['wall'];
} {
  const file = folder.path('report.json');
  const found = existsSync(file)
    ? reportSchema.safeParse(JSON.parse(readText(file, file, 512 * 1024 * 1024)))
    : null;
  const run = folder.read();
  return {
    replay: (scenario, trial, call) =>
      replayLine(run?.scenarios[scenario] ?? scenario, run?.replay ?? '', trial, call),
    again: (scenario) => againLine(run?.scenarios[scenario] ?? scenario, run?.replay ?? ''),
    wallMs: (scenario, trial) =>
      found?.data?.trials.find((row) => row.scenario === scenario && row.trial === trial)
        ?.wall_ms ?? 0,
    wall: found?.data?.wall ?? {
      started: run?.started ?? '',
      ms: 0,
      workers: 0,
      node: process.version,
    },
  };
}
