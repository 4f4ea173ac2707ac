// `portability` from a chain and a workload to its report: trials, matrix, standings, findings.
import { basename, extname } from 'node:path';
import { provenanceByTarget } from '../upstream/provenance.ts';
import { createTargets, readTargets } from '../upstream/targets.ts';
import { version } from '../version.ts';
import type { Driven, DriveOptions } from './drive.ts';
import { drive, dropTrials } from './drive.ts';
import { lintAll } from './lint-requests.ts';
import type { Answers } from './matrix.ts';
import { matrixOf, straysOf } from './matrix.ts';
import type { PortabilityReport, SampleRow } from './portability-report.ts';
import { portabilityVersion } from './portability-report.ts';
import type { Got } from './read-trial.ts';
import { readAnswers } from './read-trial.ts';
import { standingsOf } from './standings.ts';

export interface PortabilityOptions extends DriveOptions {
  /** The least score of a good answer. */
  floor: number;
}

/** Null where it was interrupted. Throws InputError or HarnessError; leaves no trial behind. */
export async function portability(options: PortabilityOptions): Promise<PortabilityReport | null> {
  try {
    const driven = await drive(options);
    return driven && reportOf(options, driven);
  } finally {
    dropTrials(options.dir);
  }
}

function reportOf(options: PortabilityOptions, driven: Driven[]): PortabilityReport {
  const { workload, chainFile, seed, floor } = options;
  const answers = answersOf(driven);
  const rows = matrixOf(workload, driven, answers);
  const known = createTargets(readTargets(options.targetsFiles));
  const linted = lintAll({ driven, answers, context: known.context });
  const asked = driven.filter(({ standing }) => standing === 'asked').map(({ target }) => target);
  const provenance = provenanceByTarget(workload.recordings);
  const verdicts = [...new Set((workload.judge?.verdicts ?? []).map(({ kind }) => kind))];
  return {
    version: portabilityVersion,
    tool: { name: 'firedrill', version },
    chain: basename(chainFile, extname(chainFile)),
    workload: workload.name,
    provenance:
      asked.some((target) => provenance.get(target)?.kinds.includes('authored')) ||
      verdicts.includes('authored')
        ? 'authored'
        : 'recorded',
    seed,
    floor,
    primary: driven[0]?.target ?? '',
    targets: driven.map(({ target, standing }) => ({
      target,
      standing,
      recordings: provenance.get(target) ?? null,
      requests: linted.requests.get(target) ?? 0,
    })),
    standings: standingsOf(rows, asked, seed),
    samples: rows,
    strays: straysOf(rows, floor),
    findings: linted.findings,
    notes: [
      ...notesOf(driven, rows),
      ...(workload.judge
        ? [`${workload.judge.model.target} judged; its verdicts: ${verdicts.join(', ')}`]
        : []),
    ],
  };
}

function answersOf(driven: readonly Driven[]): Answers {
  const answers = new Map<string, Map<string, Got>>();
  for (const { target, files } of driven) {
    if (!files) continue;
    const own = new Map<string, Got>();
    for (const got of readAnswers(files.history, target)) own.set(got.sample, got);
    answers.set(target, own);
  }
  return answers;
}

/** What a reader has to know, in whole sentences. */
function notesOf(driven: readonly Driven[], rows: readonly SampleRow[]): string[] {
  const notes: string[] = [];
  const cells = rows.flatMap((row) => row.cells);
  for (const { target, standing } of driven) {
    const own = cells.filter((cell) => cell.target === target);
    const counted = (status: string): number => own.filter((one) => one.status === status).length;
    if (standing === 'never-asked') {
      notes.push(`${target} was left out: the chain never asks it, even where nobody else answers`);
    }
    if (standing === 'no-recordings') {
      notes.push(`${target} was left out: the workload has no recording of it`);
    }
    const [skipped, lacking, other] = [
      counted('not-asked'),
      counted('no-recording'),
      counted('other'),
    ];
    if (skipped > 0) notes.push(`${target} was not asked for ${prompts(skipped)}; no score counts`);
    if (lacking > 0) notes.push(`${target} has no recording for ${prompts(lacking)}; none counts`);
    if (other > 0) {
      notes.push(`for ${prompts(other)} somebody else than ${target} served; none counts`);
    }
  }
  if (driven.length === 1) notes.push('the chain asks one target only: there is no fallback');
  return notes;
}

function prompts(count: number): string {
  return `${count} prompt${count === 1 ? '' : 's'}`;
}
