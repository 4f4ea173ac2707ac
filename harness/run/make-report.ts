// From the scores of a run's trials to its report: the trials of a scenario pooled by call, twins
// compared, thresholds judged on the pool. Reads nothing but what came out of histories.
import type { HistoryEvent, TrialEvent } from '../history.ts';
import type { InvariantRow, Report, ReportFigures, ScenarioRow, TrialRow } from '../report.ts';
import { reportVersion } from '../report.ts';
import { judge } from '../scenario/threshold.ts';
import { scorers as metricScorers } from '../scorers/index.ts';
import type { InvariantReport, InvariantTallies } from '../scoring/judge-invariants.ts';
import { compareTwins, judgeInvariants, rules } from '../scoring/judge-invariants.ts';
import type { Scorers, Tallies } from '../scoring/score.ts';
import { createScoring, figuresOf, mergeTallies } from '../scoring/score.ts';
import { viewOf } from '../trial/setting.ts';
import { twinKinds } from '../twin-kind.ts';
import { version } from '../version.ts';
import { pooledRecordings, RecordingsUsed } from './recordings-used.ts';

const scorers: Scorers = { ...metricScorers, [judgeInvariants.name]: judgeInvariants };

/** A trial's scores before anything is pooled; plain JSON. */
export interface TrialScores {
  trial: TrialEvent;
  virtualMs: number;
  tallies: Tallies;
  recordings: ScenarioRow['recordings'];
  /** What ended a live trial before its last call, and after how many. */
  stopped?: { by: string; calls: number };
}

/** Takes the events of one trial in order; `end` once it is whole. */
export class TrialScoring {
  readonly #scorers: Scorers;
  #trial: TrialEvent | null = null;
  #scoring: ReturnType<typeof createScoring> | null = null;
  #virtualMs = 0;
  readonly #used = new RecordingsUsed();
  #stopped: TrialScores['stopped'];

  constructor(which: Scorers = scorers) {
    this.#scorers = which;
  }

  event(event: HistoryEvent): void {
    if (event.e === 'trial') {
      this.#trial = event;
      this.#scoring = createScoring(viewOf(event), this.#scorers);
    } else if (event.e === 'close') {
      this.#virtualMs = event.t;
      if (event.stopped) this.#stopped = { by: event.stopped, calls: event.calls };
    }
    this.#used.event(event);
    this.#scoring?.event(event);
  }

  end(): TrialScores {
    if (!this.#trial || !this.#scoring) throw new Error('a history without its first line');
    const trial = this.#trial;
    const recordings = this.#used.of(trial);
    const stopped = this.#stopped ? { stopped: this.#stopped } : {};
    const tallies = this.#scoring.end();
    return { trial, virtualMs: this.#virtualMs, tallies, recordings, ...stopped };
  }
}

/** What the report says of a run beside its scores. */
export interface RunFacts {
  seed: number;
  /** Words that bring a call back: `firedrill replay ...` for a scenario, trial and call. */
  replay(scenario: string, trial: number, call: number): string;
  /** The words that run a scenario again. */
  again(scenario: string): string;
  /** The files of a scenario and of the chain. */
  files(scenario: string): ScenarioRow['files'];
  /** Wall ms of each trial, by scenario and trial; 0 where it is not known. */
  wallMs(scenario: string, trial: number): number;
  wall: Report['wall'];
}

/** `scores` in the order of the plan, twins behind their trials. */
export function makeReport(scores: TrialScores[], facts: RunFacts): Report {
  const groups = new Map<string, TrialScores[]>();
  for (const score of scores) {
    const list = groups.get(score.trial.scenario);
    if (list) list.push(score);
    else groups.set(score.trial.scenario, [score]);
  }
  const scenarios = [...groups.values()].map((group) => scenarioRow(group, facts));
  const trials = [...groups.values()].flatMap((group) => trialRows(group, facts));
  return {
    version: reportVersion,
    tool: { name: 'firedrill', version },
    chain: scores[0]?.trial.chain ?? '',
    seed: facts.seed,
    held: scenarios.every((row) => row.held),
    ...stoppedIn(scores),
    scenarios,
    trials,
    wall: facts.wall,
  };
}

function stoppedIn(scores: readonly TrialScores[]): Pick<Report, 'stopped'> {
  const last = scores.find(({ stopped }) => stopped);
  if (!last?.stopped) return {};
  const { scenario, trial } = last.trial;
  return { stopped: { ...last.stopped, scenario, trial } };
}

function scenarioRow(group: TrialScores[], facts: RunFacts): ScenarioRow {
  const own = group.filter(({ trial }) => trial.twin === null);
  const row = judgedOf(own, group, facts);
  return {
    ...row,
    virtual_ms: own.reduce((sum, { virtualMs }) => sum + virtualMs, 0),
    trials: own.length,
    files: facts.files(row.scenario),
    again: facts.again(row.scenario),
    held: row.verdicts.every((verdict) => verdict.held),
  };
}

function trialRows(group: TrialScores[], facts: RunFacts): TrialRow[] {
  return group
    .filter(({ trial }) => trial.twin === null)
    .map((scores): TrialRow => {
      const { scenario, trial, seed } = scores.trial;
      const mine = group.filter((other) => other.trial.trial === trial);
      const wall_ms = facts.wallMs(scenario, trial);
      return {
        ...judgedOf([scores], mine, facts),
        virtual_ms: scores.virtualMs,
        seed,
        trial,
        wall_ms,
      };
    });
}

/** What the rows of a scenario and of a trial share. */
type JudgedRow = ReportFigures &
  Pick<ScenarioRow, 'scenario' | 'description' | 'chain' | 'clock'> &
  Pick<ScenarioRow, 'recordings' | 'invariants' | 'verdicts'>;

/** Pools `own`, compares with the twins in `group`, and judges. */
function judgedOf(own: TrialScores[], group: TrialScores[], facts: RunFacts): JudgedRow {
  const [first] = own;
  if (!first) throw new Error('a scenario without a trial');
  const { trial } = first;
  const pool = pooled(own);
  let tallies = pool[judgeInvariants.name] as InvariantTallies;
  for (const kind of twinKinds) {
    const twins = group.filter((other) => other.trial.twin === kind);
    if (twins.length === 0) continue;
    const twin = pooled(twins)[judgeInvariants.name] as InvariantTallies;
    tallies = compareTwins(tallies, twin, kind);
  }
  const judged = { ...pool, [judgeInvariants.name]: tallies };
  const { invariants: reported, ...figures } = figuresOf(scorers, judged);
  const invariants = invariantRows(reported as Record<string, InvariantReport>, trial, facts);
  return {
    scenario: trial.scenario,
    description: trial.description,
    chain: trial.chain,
    clock: trial.clock,
    recordings: pooledRecordings(own.map((one) => one.recordings)),
    ...(figures as ReportFigures),
    invariants,
    verdicts: judge(trial.setting.thresholds, { figures, reasons: figures.reasons, invariants }),
  };
}

function pooled(scores: TrialScores[]): Tallies {
  const [first, ...others] = scores;
  if (!first) throw new Error('nothing to pool');
  // One after the other: tallies may be unpacked as they are asked for.
  return others.reduce((sum, { tallies }) => mergeTallies(scorers, sum, tallies), first.tallies);
}

function invariantRows(
  reported: Record<string, InvariantReport>,
  trial: TrialEvent,
  facts: RunFacts,
): Record<string, InvariantRow> {
  const rows: Record<string, InvariantRow> = {};
  for (const [id, { status, limit, exercised, violations, first }] of Object.entries(reported)) {
    rows[id] = {
      status,
      rule: rules[id] ?? '',
      limit,
      exercised,
      violations,
      example: first && {
        trial: first.trial ?? trial.trial,
        call: first.call,
        at_ms: first.at,
        text: first.text,
        replay: facts.replay(trial.scenario, first.trial ?? trial.trial, first.call),
      },
    };
  }
  return rows;
}
