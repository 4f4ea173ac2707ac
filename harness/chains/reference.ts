// The reference chain: an exact cache, then each target in order with a retry where one can help,
// then a polite reply. It streams without buffering: the first piece of text is the commitment, and
// up to there a failure is invisible to the caller.
//
//   cache -> primary -> (backoff) -> primary -> next target ... -> degrade, or one error
//
// What a failure means is in failure.ts, how long to wait in backoff.ts, whose turn it is in
// walk.ts, how long an attempt may take in attempt-limits.ts and deadline.ts.
import { AnswerCache } from './answer-cache.ts';
import { attempt } from './attempt.ts';
import type { LimitSettings } from './attempt-limits.ts';
import type { Ask, ChainAnswer, Meta, Question } from './chain.ts';
import { Continuation } from './continuation.ts';
import { Deadline } from './deadline.ts';
import { ExhaustedError } from './exhausted-error.ts';
import type { Failure } from './failure.ts';
import { failureOf } from './failure.ts';
import type { ReferenceSettings } from './settings.ts';
import type { Ending, Target, TargetRequest } from './target.ts';
import { now, sleep } from './time.ts';
import { Walk } from './walk.ts';

/** What the walk needs beside its settings. */
interface Call {
  settings: ReferenceSettings;
  question: Question;
  /** The caller's: aborts everything, at once. */
  signal: AbortSignal;
  walk: Walk;
  deadline: Deadline;
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
    const known = cache?.find(question);
    if (known) {
      return { text: known.text, meta: { served: 'cache', cachedMs: known.ageMs, hops: [] } };
    }
    const { deadlineMs, attempt: limits, stream, degrade } = settings;
    const deadline = new Deadline(deadlineMs, targets.length, limits.firstTokenMs);
    const walk = new Walk(settings, deadline);
    const finished = (text: string): void => cache?.keep(question, text);
    const pieces = answer(
      { settings, question, signal, walk, deadline, random, finished },
      targets,
    );
    const meta = (): Meta => ({ ...(walk.served ? { served: walk.served } : {}), hops: walk.hops });
    try {
      const first = await pieces.next();
      if (stream) return { text: startingWith(first, pieces), meta };
      for (let next = first; !next.done; ) next = await pieces.next();
      return { text: walk.text, meta: meta() };
    } catch (error) {
      if (degrade === null || walk.isRefused || !(error instanceof ExhaustedError)) throw error;
      return { text: degrade, meta: { served: 'degraded', degraded: true, hops: walk.hops } };
    }
  };
}

/** Walks the targets, each once. Ends when one has answered; throws when none did. */
async function* answer(call: Call, targets: readonly Target[]): AsyncGenerator<string, void> {
  const { walk } = call;
  let left = targets;
  while (walk.goesOn) {
    const [target, ...others] = walk.open(left);
    if (!target) break;
    if (yield* askTarget(call, target, others.length)) return;
    left = others;
  }
  throw walk.error();
}

/** One target, with its retries. Returns whether the answer is whole. */
async function* askTarget(
  call: Call,
  target: Target,
  after: number,
): AsyncGenerator<string, boolean> {
  const { walk, deadline, signal, random } = call;
  const until = now() + deadline.shareMs(after);
  for (let retry = 1; ; retry++) {
    const failure = yield* tryOnce(call, target, until - now());
    if (failure === null) return true;
    walk.failed(target, failure);
    const wait = walk.waitMs(failure, retry, until - now(), after, random);
    if (wait === null) return false;
    await sleep(wait, signal);
  }
}

/** One attempt. Returns how it failed; null: the answer is whole. */
async function* tryOnce(
  call: Call,
  target: Target,
  silentMs: number,
): AsyncGenerator<string, Failure | null> {
  const { walk, signal } = call;
  const partial = walk.text;
  const continuation = partial === '' ? null : new Continuation(partial);
  const pieces = attempt(target, requestOf(call, partial), limitsOf(call, silentMs), signal);
  let ending: Ending;
  try {
    for (;;) {
      const next = await pieces.next();
      const piece = next.done
        ? (continuation?.rest() ?? '')
        : (continuation?.take(next.value) ?? next.value);
      if (piece !== '') {
        walk.text += piece;
        walk.served = target.name;
        yield piece;
      }
      if (next.done) {
        ending = next.value;
        break;
      }
    }
  } catch (error) {
    // The caller's own abort is nobody's failure.
    signal.throwIfAborted();
    return failureOf(error);
  } finally {
    await pieces.return('stop');
  }
  walk.served = target.name;
  walk.hops.push({ target: target.name, outcome: ending === 'refusal' ? 'refused' : 'complete' });
  if (ending === 'stop' && partial === '') call.finished(walk.text);
  return null;
}

function requestOf({ settings, question }: Call, partial: string): TargetRequest {
  const { system, prompt, schema } = question;
  const { stream, maxTokens } = settings;
  return {
    system,
    prompt,
    partial,
    schema: typeof schema === 'object' && schema !== null ? { ...schema } : null,
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
