// The reference chain: an exact cache, then each target in order with a retry where one can help,
// then a polite reply. It streams without buffering: the first piece of text is the commitment, and
// up to there a failure is invisible to the caller.
//
//   cache -> primary -> (backoff) -> primary -> next target ... -> degrade, or one error
//
// A critical question goes only to targets that quality-floor.ts finds good enough for it.
// What a failure means is in failure.ts, how long to wait in backoff.ts, whose turn it is in
// walk.ts, how long an attempt may take in attempt-limits.ts and deadline.ts. Where a model calls
// tools, tool-session.ts keeps what they said, and the same walk goes on with the next turn.
import { AnswerCache } from './answer-cache.ts';
import type { Ended } from './attempt.ts';
import { attempt } from './attempt.ts';
import type { LimitSettings } from './attempt-limits.ts';
import type { Ask, ChainAnswer, Meta, Question } from './chain.ts';
import { Continuation } from './continuation.ts';
import { Deadline } from './deadline.ts';
import { ExhaustedError, noneFit } from './exhausted-error.ts';
import type { Failure } from './failure.ts';
import { failureOf } from './failure.ts';
import { goodEnough } from './quality-floor.ts';
import { schemaOf } from './schema-of.ts';
import type { ReferenceSettings } from './settings.ts';
import type { Ending, Target, TargetRequest } from './target.ts';
import { now, sleep } from './time.ts';
import type { ToolCall } from './tool-call.ts';
import { mostTurns, ToolSession, ToolSessionError } from './tool-session.ts';
import { Walk } from './walk.ts';

/** What the walk needs beside its settings. */
interface Call {
  settings: ReferenceSettings;
  question: Question;
  /** The caller's: aborts everything, at once. */
  signal: AbortSignal;
  walk: Walk;
  deadline: Deadline;
  session: ToolSession;
  random: () => number;
  /** Called with the text of an answer that one target finished by itself. */
  finished(text: string): void;
}

export function referenceChain(
  settings: ReferenceSettings,
  targets: readonly Target[],
  random: () => number,
): Ask {
  const cache = settings.cache ? new AnswerCache(settings.cache) : null;
  return async (question, signal): Promise<ChainAnswer> => {
    signal.throwIfAborted();
    // What a tool said goes stale, and what it did is not done again by telling of it.
    const keeps = question.tools.length === 0;
    const known = keeps ? cache?.find(question) : null;
    if (known) {
      return { text: known.text, meta: { served: 'cache', cachedMs: known.ageMs, hops: [] } };
    }
    const { deadlineMs, attempt: limits, stream, degrade, quality } = settings;
    const able = goodEnough(targets, question, quality);
    const deadline = new Deadline(deadlineMs, able.length, limits.firstTokenMs);
    const walk = new Walk(settings, deadline);
    const finished = (text: string): void => {
      if (keeps) cache?.keep(question, text);
    };
    const session = new ToolSession(question.tools);
    const pieces = answer(
      { settings, question, signal, walk, deadline, session, random, finished },
      able,
    );
    const meta = (): Meta => {
      const { served, hops, usage } = walk;
      return { ...(served ? { served } : {}), hops, ...(usage ? { usage } : {}) };
    };
    try {
      const first = await pieces.next();
      if (stream) return { text: startingWith(first, pieces), meta };
      for (let next = first; !next.done; ) next = await pieces.next();
      return { text: walk.text, meta: meta() };
    } catch (error) {
      const given = error instanceof ExhaustedError || error instanceof ToolSessionError;
      if (degrade === null || walk.isRefused || !given) throw error;
      return { text: degrade, meta: { ...meta(), served: 'degraded', degraded: true } };
    }
  };
}

/**
 * Walks the targets, each once. Ends when one has answered; throws when none did. Whoever called
 * tools is asked first what follows from their results.
 */
async function* answer(call: Call, targets: readonly Target[]): AsyncGenerator<string, void> {
  const { walk } = call;
  if (targets.length === 0) throw new ExhaustedError([], null, noneFit);
  let left = targets;
  while (walk.goesOn) {
    const [target, ...others] = walk.open(left);
    if (!target) break;
    const ended = yield* askTarget(call, target, others.length);
    if (ended === 'answered') return;
    left = ended === 'tools' ? [target, ...others] : others;
  }
  throw walk.error();
}

type Asked = 'answered' | 'tools' | 'failed';

/** One target, with its retries. */
async function* askTarget(
  call: Call,
  target: Target,
  after: number,
): AsyncGenerator<string, Asked> {
  const { walk, deadline, signal, random } = call;
  const until = now() + deadline.shareMs(after);
  for (let retry = 1; ; retry++) {
    const ended = yield* tryOnce(call, target, until - now());
    if (typeof ended === 'string') return ended;
    walk.failed(target, ended);
    const wait = walk.waitMs(ended, retry, until - now(), after, random);
    if (wait === null) return 'failed';
    await sleep(wait, signal);
  }
}

/** One attempt. Returns how it failed, or what its whole answer is. */
async function* tryOnce(
  call: Call,
  target: Target,
  silentMs: number,
): AsyncGenerator<string, Failure | Exclude<Asked, 'failed'>> {
  const { walk, signal } = call;
  const { partial } = walk;
  const continuation = partial === '' ? null : new Continuation(partial);
  const request = requestOf(call, partial);
  const billed = walk.billed.bind(walk);
  const pieces = attempt(target, request, limitsOf(call, silentMs), signal, billed);
  let ended: Ended;
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
    return failureOf(error);
  } finally {
    await pieces.return({ ending: 'stop', calls: [] });
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

/** A stream whose first piece was waited for already. Whoever stops reading stops the attempt. */
function startingWith(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
): AsyncIterableIterator<string> {
  let waiting: IteratorResult<string, void> | null = first;
  return {
    next() {
      const due = waiting;
      waiting = null;
      return due ? Promise.resolve(due) : rest.next();
    },
    return: () => rest.return(),
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
