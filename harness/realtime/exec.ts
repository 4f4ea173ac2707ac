// Runs a command of any language against providers that are played here, and judges what crossed
// the wire. What its callers got is nobody's to see: rules about that are not judged.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import type { Chain } from '../chains/chain.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { HistoryEvent, Recorder } from '../history.ts';
import { findWorkload } from '../project.ts';
import type { TrialScores } from '../run/make-report.ts';
import { TrialScoring } from '../run/make-report.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { drillKeys, drillVariables } from '../trial/drill-keys.ts';
import { trialEvent, trialSeed } from '../trial/trial-event.ts';
import { epochMs } from '../trial/trial-job.ts';
import { createAnswerBook } from '../upstream/answer-book.ts';
import { createSchedule } from '../upstream/schedule.ts';
import { createTargets, readTargets } from '../upstream/targets.ts';
import { createUpstream } from '../upstream/upstream.ts';
import { wires } from '../wires/index.ts';
import { anyAnswer } from './any-answer.ts';
import { Lanes } from './lanes.ts';
import { openLoopbackStage } from './loopback-stage.ts';
import { realClock } from './real-clock.ts';

export interface ExecOptions {
  command: readonly [string, ...string[]];
  scenario: Scenario;
  seed: number;
  /** 0: a free one. */
  port: number;
  targetsFiles: string[];
  cwd: string;
  record: Recorder;
  signal: AbortSignal;
}

export interface Executed {
  /** Of the command. */
  code: number;
  scores: TrialScores;
}

/** Rules that the wire alone can show. */
export const wireRules = ['I05', 'I09', 'I10', 'I11', 'I12', 'I17', 'I18'] as const;

/** Rejects with HarnessError where the command cannot be started or asks what nobody plays. */
export async function execute(options: ExecOptions): Promise<Executed> {
  const { command, scenario, seed, port, targetsFiles, cwd, signal } = options;
  const scoring = new TrialScoring();
  const clock = realClock(signal);
  const book = anyAnswer(createAnswerBook(findWorkload(scenario.workload, cwd)));
  const targets = createTargets(readTargets(targetsFiles));
  const record = (event: HistoryEvent): void => {
    options.record(event);
    scoring.event(event);
    lanes.event(event);
  };
  const lanes = new Lanes(book.samples, record, clock.now);
  const [name] = command;
  const chain: Chain = { ...nobody, name };
  const drilled = { scenario, chain, primary: '', trial: 1, seed, twin: null, book, targets };
  record(trialEvent({ ...drilled, clockKind: 'real' }));
  const own = trialSeed(seed, scenario.name, 1);
  const upstream = createUpstream({
    seed: own,
    book,
    targets,
    wires: Object.values(wires),
    schedule: createSchedule(scenario.faults, own),
    record,
    now: clock.now,
    epochMs,
    keys: drillKeys,
    callOf: (_body, _scope, asked) => lanes.callOf(asked),
    answersStrays: true,
  });
  const stage = await openLoopbackStage(port);
  // Whoever asks what nobody plays is left without an answer: it would wait for ever.
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  stage.enter({ upstream, timers: clock.timers, fail: (error) => failed.abort(error) });
  try {
    const code = await run(command, environment(stage.origin), cwd, ended);
    upstream.closeAttempts();
    const t = clock.now();
    for (const call of lanes.calls) {
      record({ e: 'answer', t, call, kind: 'aborted', first: null, chars: 0, score: null });
    }
    record({ e: 'close', t, calls: lanes.calls.length, attempts: upstream.attempts() });
    return { code, scores: scoring.end() };
  } finally {
    stage.leave();
    await stage.close();
  }
}

const nobody: Chain = {
  name: '',
  factory: () => () => '',
  targets: [],
  degradeText: null,
  limits: {},
  hosts: [],
  isolate: false,
};

/** Where SDKs of any language look for their provider and their key. */
export function environment(origin: (host: string) => string): Record<string, string> {
  return {
    ...drillVariables(process.env),
    OPENAI_BASE_URL: `${origin('api.openai.com')}/v1`,
    OPENAI_API_BASE: `${origin('api.openai.com')}/v1`,
    ANTHROPIC_BASE_URL: origin('api.anthropic.com'),
    GOOGLE_GEMINI_BASE_URL: origin('generativelanguage.googleapis.com'),
  };
}

async function run(
  [command, ...args]: ExecOptions['command'],
  variables: Record<string, string>,
  cwd: string,
  signal: AbortSignal,
): Promise<number> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...variables },
    stdio: 'inherit',
    signal,
    killSignal: 'SIGTERM',
  });
  try {
    const [code, killed] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    // As a shell tells it.
    return code ?? 128 + (killed === null ? 0 : constants.signals[killed]);
  } catch (error) {
    if (signal.aborted) throw signal.reason;
    throw new HarnessError(`${command} cannot be started: ${messageOf(error)}`);
  }
}
