// One sample asked of one target, to its end: one request, or in turns where the model calls tools.
// What fails for a moment is asked again, after the wait that the provider asks for.
import { schemaOf } from '../chains/schema-of.ts';
import type { ModelPrice } from '../plan-view.ts';
import { exactAnswer } from '../upstream/exact-answer.ts';
import type { ExactRecording, Recording } from '../upstream/recording.ts';
import type { Budget } from './budget.ts';
import { mostOf } from './budget.ts';
import type { Captured } from './capture.ts';
import type { Asked, RealTarget } from './real-target.ts';
import type { RecordJob } from './record-plan.ts';
import { promptOf } from './record-plan.ts';
import { cleanRecording, exactRecording } from './recorded-exchange.ts';
import { recorder } from './recorder.ts';
import type { Redaction } from './redaction.ts';

export interface SessionSetting {
  budget: Budget;
  redaction: Redaction;
  price: ModelPrice | null;
  /** Keeps errors as recordings. */
  keepErrors: boolean;
  /** Further requests after a failure that may pass. */
  retries: number;
  /** YYYY-MM-DD. */
  date: string;
  /** Ends early when it is to stop. */
  sleep(ms: number): Promise<void>;
  /** Whether nothing further is to be sent. */
  isStopped(): boolean;
  /** Called when a request is about to leave, and when it is settled. */
  sent(turn: number): void;
  failed(turn: number): void;
  kept(turn: number, recording: Recording, last: boolean): void;
  /** A whole request is over: for whoever watches. */
  stepped(): void;
}

/** Null: all is recorded. */
export type SessionFailure = Pick<NonNullable<Asked['failure']>, 'meaning' | 'outcome'> | null;

/** What nobody waits for, ms. */
const longestWait = 120_000;
const firstWait = 1_000;
const mostTurns = 10;

type ToolTurns = Parameters<RealTarget['ask']>[0]['session'][number];

/**
 * `known`: turns that were recorded before, answered by `target` without a request. Throws
 * LimitReached before a request that would exceed a limit.
 */
export async function recordSession(
  job: RecordJob,
  target: RealTarget,
  known: readonly Recording[],
  setting: SessionSetting,
): Promise<SessionFailure> {
  const { sample } = job;
  const tools = sample.tools ?? [];
  const session: ToolTurns[] = [];
  const runs = new Map<string, number>();
  for (let round = 0; round < mostTurns; round++) {
    const turn = 1 + session.reduce((sum, { results }) => sum + results.length, 0);
    const request = {
      system: sample.system,
      prompt: promptOf(sample),
      partial: '',
      tools,
      session,
      schema: schemaOf(sample),
      maxTokens: job.maxTokens,
      stream: job.stream,
    };
    const isKnown = round < known.length;
    const asked = isKnown
      ? await target.ask(request, new AbortController().signal)
      : await askPatiently(job, target, request, turn, setting);
    if (asked.failure) return asked.failure;
    if (asked.calls.length === 0) return null;
    const results = asked.calls.map((call) => {
      const run = runs.get(call.name) ?? 0;
      runs.set(call.name, run + 1);
      const own = tools.find(({ name }) => name === call.name)?.results ?? [];
      return { ...call, result: own[Math.min(run, own.length - 1)] ?? '', failed: false };
    });
    session.push({ text: asked.text, results });
  }
  return { meaning: 'bad-answer', outcome: `still asked for tools after ${mostTurns} answers` };
}

async function askPatiently(
  job: RecordJob,
  target: RealTarget,
  request: Parameters<RealTarget['ask']>[0],
  turn: number,
  setting: SessionSetting,
): Promise<Asked> {
  const { budget, price, retries } = setting;
  const most = mostOf(price, request, request.maxTokens);
  for (let retry = 0; ; retry++) {
    budget.take(most);
    setting.sent(turn);
    const asked = await target.ask(request, new AbortController().signal);
    const { captured, failure } = asked;
    // Nobody bills what was turned down, or reached nobody; what broke off may have been.
    const isFree = captured ? captured.status >= 400 : unreached.test(failure?.outcome ?? '');
    budget.settle(most, price, isFree ? { input: 0, output: 0 } : asked.usage);
    if (captured) setting.redaction.learn(captured.request, captured.headers);
    const recording = captured && recordingOf(job, captured, turn, setting);
    if (failure === null && recording) {
      setting.kept(turn, recording, asked.calls.length === 0);
      setting.stepped();
      return asked;
    }
    const wait = waitMs(failure, retry, retries);
    if (
      wait === null &&
      captured?.isWhole &&
      setting.keepErrors &&
      recording &&
      isError(captured, job, setting)
    ) {
      setting.kept(turn, recording, true);
    } else setting.failed(turn);
    setting.stepped();
    if (wait === null) return asked;
    await setting.sleep(wait);
    if (setting.isStopped()) return asked;
  }
}

const unreached = /\b(?:ECONNREFUSED|ENOTFOUND|EAI_AGAIN)\b/;

/** Null: not to be asked again. */
function waitMs(failure: Asked['failure'], retry: number, retries: number): number | null {
  if (!failure?.retry || retry >= retries) return null;
  const { hintMs } = failure;
  if (hintMs !== null && hintMs > longestWait) return null;
  return Math.max(hintMs ?? 0, Math.min(longestWait, firstWait * 2 ** retry));
}

/** Whether a drill would know it as a failure, by its status or by what stands in it. */
function isError(captured: Captured, job: RecordJob, setting: SessionSetting): boolean {
  const recording = exactOf(job, captured, 1, setting);
  return exactAnswer(recording).failure !== null;
}

function recordingOf(
  job: RecordJob,
  captured: Captured,
  turn: number,
  setting: SessionSetting,
): Recording | null {
  return cleanRecording(exactOf(job, captured, turn, setting), setting.redaction);
}

function exactOf(
  { sample, target, asked }: RecordJob,
  captured: Captured,
  turn: number,
  { redaction, date }: SessionSetting,
): ExactRecording {
  const of = {
    sample: sample.id,
    target: target.name,
    date,
    source: `${recorder}, ${new URL(target.baseURL).host}`,
    ...(turn > 1 ? { turn } : {}),
    asked,
  };
  return exactRecording(of, target.wire, captured, redaction);
}
