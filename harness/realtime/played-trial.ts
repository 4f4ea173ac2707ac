// Providers that are played for programs which nobody here looks into: `exec` and `serve` alike.
// Whoever asks has an answer; which call an attempt belongs to is told from its words.
import type { HistoryEvent, Recorder } from '../history.ts';
import { findWorkload } from '../project.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { drillKeys } from '../trial/drill-keys.ts';
import type { TrialClock } from '../trial/trial-clock.ts';
import { trialEvent, trialSeed } from '../trial/trial-event.ts';
import { epochMs } from '../trial/trial-job.ts';
import { createAnswerBook } from '../upstream/answer-book.ts';
import { createSchedule } from '../upstream/schedule.ts';
import { createTargets, readTargets } from '../upstream/targets.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { createUpstream } from '../upstream/upstream.ts';
import { wires } from '../wires/index.ts';
import { anyAnswer } from './any-answer.ts';
import { Lanes } from './lanes.ts';

export interface PlayedOptions {
  /** Who asks, for the history. */
  asker: string;
  scenario: Scenario;
  seed: number;
  /** From 1. */
  trial: number;
  targetsFiles: string[];
  cwd: string;
  record: Recorder;
  now: TrialClock['now'];
}

export interface PlayedTrial {
  upstream: Upstream;
  /** Told apart so far. */
  calls(): number;
  /** Of these, those that may still be asked again. */
  open(): number;
  /** Attempts that are open end as such. Nothing is recorded from then on. */
  end(): void;
}

/** Throws InputError where its workload or its targets cannot be read; nothing is recorded then. */
export function playTrial(options: PlayedOptions): PlayedTrial {
  const { asker, scenario, seed, trial, targetsFiles, cwd, now } = options;
  const book = anyAnswer(createAnswerBook(findWorkload(scenario.workload, cwd)));
  const targets = createTargets(readTargets(targetsFiles));
  let isOver = false;
  const record = (event: HistoryEvent): void => {
    if (isOver) return;
    options.record(event);
    lanes.event(event);
  };
  const lanes = new Lanes({
    samples: book.samples,
    record,
    now,
    over: (call) => upstream.forget(call),
  });
  const chain = { name: asker, targets: [], degradeText: null, limits: {} };
  const drilled = { scenario, chain, primary: '', trial, seed, twin: null, book, targets };
  // The first trial's, whichever this is: who begins anew meets the same again.
  const own = trialSeed(seed, scenario.name, 1);
  const upstream = createUpstream({
    seed: own,
    book,
    targets,
    wires: Object.values(wires),
    schedule: createSchedule(scenario.faults, own),
    record,
    now,
    epochMs,
    keys: drillKeys,
    callOf: (request, _scope, asked) => lanes.callOf(request, asked),
    answersStrays: true,
  });
  record(trialEvent({ ...drilled, clockKind: 'real' }));
  return {
    upstream,
    calls: () => lanes.calls,
    open: () => lanes.open,
    end() {
      upstream.closeAttempts();
      lanes.closeAll();
      record({ e: 'close', t: now(), calls: lanes.calls, attempts: upstream.attempts() });
      isOver = true;
    },
  };
}
