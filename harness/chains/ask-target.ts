// One target, with its retries: what an attempt asks, how long it may take, and what becomes of
// what it says. Whose turn it is, reference.ts knows.
import type { Ended } from './attempt.ts';
import { attempt } from './attempt.ts';
import type { LimitSettings } from './attempt-limits.ts';
import type { Question } from './chain.ts';
import type { Tell } from './chain-event.ts';
import { Continuation } from './continuation.ts';
import type { Deadline } from './deadline.ts';
import type { Failure } from './failure.ts';
import { failureOf } from './failure.ts';
import type { Lineup, Told } from './lineup.ts';
import { schemaOf } from './schema-of.ts';
import type { ReferenceSettings } from './settings.ts';
import type { Ending, Target, TargetRequest, Usage } from './target.ts';
import { now, sleep } from './time.ts';
import type { ToolCall } from './tool-call.ts';
import type { ToolSession } from './tool-session.ts';
import { mostTurns, ToolSessionError } from './tool-session.ts';
import type { Walk } from './walk.ts';

/** What the walk needs beside its settings. */
export interface Call {
  settings: ReferenceSettings;
  question: Question;
  /** The caller's: aborts everything, at once. */
  signal: AbortSignal;
  walk: Walk;
  deadline: Deadline;
  lineup: Lineup;
  session: ToolSession;
  random: () => number;
  tell: Tell;
  /** Called with the text of an answer that one target finished by itself. */
  finished(text: string): void;
}

type Asked = 'answered' | 'tools' | 'failed';

/**
 * One target, with its retries. `others`: who may be asked after it; where there is nobody, a
 * breaker that leaves it alone is passed by, as far as the walk allows.
 */
export async function* askTarget(
  call: Call,
  target: Target,
  others: readonly Target[],
): AsyncGenerator<string, Asked> {
  const { walk, deadline, lineup, signal, random, tell } = call;
  const after = others.length;
  const until = now() + deadline.shareMs(after);
  const most = walk.mostRetries(target, others);
  const isLast = after === 0 && walk.mayResortTo(target);
  for (let retry = 1; ; retry++) {
    const watched = lineup.begin(target, tell, isLast);
    if (watched === null) return 'failed';
    if (retry === 1) walk.turnTo(target);
    const ended = yield* tryOnce(call, target, watched, until - now());
    if (typeof ended === 'string') return ended;
    walk.failed(target, ended);
    const wait = retry > most ? null : walk.waitMs(ended, retry, until - now(), after, random);
    if (wait === null || (!isLast && lineup.closedTo(target) !== null)) return 'failed';
    tell({ kind: 'retry', to: lineup.labelOf(target), reason: ended.outcome, waitMs: wait });
    await sleep(wait, signal);
  }
}

/** One attempt. Returns how it failed, or what its whole answer is. */
async function* tryOnce(
  call: Call,
  target: Target,
  watched: Told,
  silentMs: number,
): AsyncGenerator<string, Failure | Exclude<Asked, 'failed'>> {
  const { walk, signal, tell, settings } = call;
  const { partial } = walk;
  const continuation = partial === '' ? null : new Continuation(partial);
  const request = requestOf(call, partial);
  const limits = limitsOf(call, silentMs);
  const to = call.lineup.labelOf(target);
  let usage: Usage | null = null;
  const billed = (counted: Usage): void => {
    usage = counted;
    walk.billed(counted);
  };
  const told = (outcome: string, failed: boolean): void =>
    tell({ kind: 'ended', to, reason: outcome, failed, ...(usage ? { usage } : {}) });
  tell({ kind: 'attempt', to });
  const pieces = attempt(target, request, limits, signal, billed);
  let ended: Ended | null = null;
  let failure: Failure | null = null;
  try {
    for (;;) {
      const next = await pieces.next();
      const piece = next.done
        ? (continuation?.rest() ?? '')
        : (continuation?.take(next.value) ?? next.value);
      if (piece !== '') {
        walk.served = target.name;
        yield walk.say(piece);
      }
      if (next.done) {
        ended = next.value;
        break;
      }
    }
  } catch (error) {
    // The caller's own abort is nobody's failure.
    signal.throwIfAborted();
    failure = failureOf(error);
    watched.failed(failure, isHurried(limits, settings));
    return failure;
  } finally {
    await pieces.return({ ending: 'stop', calls: [] });
    if (ended) watched.answered();
    else if (!failure) watched.left();
    told(failure?.outcome ?? (ended ? outcomes[ended.ending] : 'the caller left'), !ended);
  }
  const { ending, calls } = ended;
  walk.served = target.name;
  walk.hops.push({ target: target.name, outcome: outcomes[ending] });
  if (ending === 'tools') {
    await runTools(call, calls);
    return 'tools';
  }
  if (ending === 'stop' && partial === '') call.finished(walk.text);
  return 'answered';
}

const outcomes: Readonly<Record<Ending, string>> = {
  stop: 'complete',
  length: 'complete',
  refusal: 'refused',
  tools: 'tool calls',
};

async function runTools(
  { walk, session, deadline, signal }: Call,
  calls: readonly ToolCall[],
): Promise<void> {
  if (session.turns.length + 1 >= mostTurns) {
    throw new ToolSessionError(`The model still asked for tools in turn ${mostTurns}.`);
  }
  await session.run(walk.partial, calls, deadline, signal);
  walk.settleTurn();
}

function requestOf({ settings, question, session }: Call, partial: string): TargetRequest {
  const { system, prompt } = question;
  const { stream, maxTokens } = settings;
  return {
    system,
    prompt,
    partial,
    tools: question.tools,
    session: session.turns,
    schema: schemaOf(question),
    maxTokens,
    stream,
  };
}

/**
 * The limits of an attempt that may be silent for `silentMs`. Once a stream flows, nobody else can
 * use the time any more: then only its own limits hold, and the deadline.
 */
function limitsOf({ settings, deadline }: Call, silentMs: number): LimitSettings {
  const { timeoutMs, headersMs, firstTokenMs, idleMs } = settings.attempt;
  if (settings.stream) {
    return {
      headersMs: Math.min(headersMs ?? firstTokenMs, silentMs),
      firstTokenMs: Math.min(firstTokenMs, silentMs),
      idleMs,
      totalMs: Math.min(timeoutMs, deadline.leftMs()),
    };
  }
  const totalMs = Math.min(timeoutMs, silentMs);
  return {
    headersMs: Math.min(headersMs ?? totalMs, totalMs),
    firstTokenMs: totalMs,
    idleMs,
    totalMs,
  };
}

/** Whether the call's deadline left it less time than attempts have. */
function isHurried(limits: LimitSettings, { attempt: own, stream }: ReferenceSettings): boolean {
  const usual = stream ? own.firstTokenMs : own.timeoutMs;
  return limits.firstTokenMs < usual || limits.totalMs < own.timeoutMs;
}
