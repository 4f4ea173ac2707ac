// Runs a command of any language against providers that are played here, and judges what crossed
// the wire.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { constants } from 'node:os';
import { wall } from '../clock/wall.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { Recorder } from '../history.ts';
import type { Scenario } from '../scenario/scenario.ts';
import { openLoopbackStage } from './loopback-stage.ts';
import { playTrial } from './played-trial.ts';
import { environment } from './provider-variables.ts';
import { realClock } from './real-clock.ts';
import type { WireSeen } from './wire-judge.ts';
import { WireJudge } from './wire-judge.ts';

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
  seen: WireSeen;
}

/** Between a polite end of the command and a hard one, ms. */
const graceMs = 3_000;

/** Rejects with HarnessError where the command cannot be started or asks what nobody plays. */
export async function execute(options: ExecOptions): Promise<Executed> {
  const { command, scenario, seed, port, targetsFiles, cwd, signal } = options;
  const judge = new WireJudge();
  const { now, timers } = realClock(signal);
  const trial = playTrial({
    asker: command[0],
    scenario,
    seed,
    trial: 1,
    targetsFiles,
    cwd,
    now,
    record(event) {
      options.record(event);
      judge.event(event);
    },
  });
  const stage = await openLoopbackStage(port);
  // Whoever asks what nobody plays is left without an answer: it would wait for ever.
  const failed = new AbortController();
  const ended = AbortSignal.any([signal, failed.signal]);
  stage.enter({ upstream: trial.upstream, timers, fail: (error) => failed.abort(error) });
  try {
    const code = await run(command, environment(stage.origin), cwd, ended);
    trial.end();
    return { code, seen: judge.end() };
  } finally {
    stage.leave();
    await stage.close();
  }
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
  const gone = new Promise((resolve) => child.once('exit', resolve));
  try {
    const [code, killed] = (await once(child, 'exit')) as [number | null, NodeJS.Signals | null];
    // As a shell tells it.
    return code ?? 128 + (killed === null ? 0 : constants.signals[killed]);
  } catch (error) {
    if (signal.aborted) {
      // It was told to end, and is not left behind.
      const hard = wall.setTimeout(() => child.kill('SIGKILL'), graceMs);
      if (child.pid !== undefined) await gone;
      wall.clearTimeout(hard);
      throw signal.reason;
    }
    throw new HarnessError(`${command} cannot be started: ${messageOf(error)}`);
  }
}
