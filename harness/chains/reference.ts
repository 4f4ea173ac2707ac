// The reference chain: caches, then each target in order with a retry where one can help, then a
// polite reply. It streams without buffering: the first piece of text is the commitment, and up to
// there a failure is invisible to the caller.
//
//   exact cache -> primary -> (backoff) -> primary -> next target ...
//     -> semantic cache -> degrade, or one error
//
// A critical question goes only to targets that quality-floor.ts finds good enough for it. Which
// targets are asked at all, and in which order those of a pool, is in lineup.ts (breaker.ts,
// balance.ts); what a failure means in failure.ts, how long to wait in backoff.ts, whose turn it is
// in walk.ts, how one target is asked in ask-target.ts, and for how long in attempt-limits.ts and
// deadline.ts. Where a model calls tools, tool-session.ts keeps what they said, and the same walk
// goes on with the next turn. All that happens is told to a hook: chain-event.ts.

import { messageOf } from '../errors.ts';
import type { CachedAnswer } from './answer-cache.ts';
import type { Call } from './ask-target.ts';
import { askTarget } from './ask-target.ts';
import { Caches } from './caches.ts';
import type { Ask, ChainAnswer, Meta } from './chain.ts';
import type { OnEvent } from './chain-event.ts';
import { tellOf } from './chain-event.ts';
import { Deadline } from './deadline.ts';
import type { Embedder } from './embedder.ts';
import { ExhaustedError, noneFit } from './exhausted-error.ts';
import { Lineup } from './lineup.ts';
import { goodEnough } from './quality-floor.ts';
import type { Looking } from './semantic-cache.ts';
import type { ReferenceSettings } from './settings.ts';
import type { Target } from './target.ts';
import { wallNow } from './time.ts';
import { ToolSession, ToolSessionError } from './tool-session.ts';
import { Walk } from './walk.ts';

/** What a chain may be given beside its targets. */
export interface ReferenceOptions {
  /** Hears what the chain does, as it does it. */
  onEvent?: OnEvent | null;
  /** Who makes vectors for its semantic cache; without one that has no effect. */
  embedder?: Embedder | null;
}

export function referenceChain(
  settings: ReferenceSettings,
  targets: readonly Target[],
  random: () => number,
  { onEvent = null, embedder = null }: ReferenceOptions = {},
): Ask {
  const caches = Caches.of(settings, embedder);
  const lineup = new Lineup(settings, targets, random);
  let calls = 0;
  return async (question, signal): Promise<ChainAnswer> => {
    signal.throwIfAborted();
    const tell = tellOf(onEvent, ++calls, wallNow);
    tell({ kind: 'call' });
    const { deadlineMs, attempt: limits, stream, degrade, quality } = settings;
    const able = lineup.order(goodEnough(targets, question, quality));
    const deadline = new Deadline(deadlineMs, able.length, limits.firstTokenMs);
    const walk = new Walk(settings, deadline, lineup, tell, able[0]?.name ?? null);
    const meta = (): Meta => {
      const { served, hops, usage } = walk;
      return { ...(served ? { served } : {}), hops, ...(usage ? { usage } : {}) };
    };
    const failed = (error: unknown): void =>
      tell({ kind: 'failed', reason: signal.aborted ? callerLeft : messageOf(error) });
    const cached = ({ text, ageMs }: CachedAnswer): ChainAnswer => {
      return { text, meta: { ...meta(), served: 'cache', cachedMs: ageMs } };
    };
    // What a tool said goes stale, and what it did is not done again by telling of it.
    const kept = question.tools.length === 0 ? caches : null;
    const looking = { question, signal, walk, deadline, tell };
    const session = new ToolSession(question.tools);
    const finished = (text: string): void => kept?.keep(question, text);
    const pieces = answer(
      { settings, question, signal, walk, deadline, lineup, session, random, tell, finished },
      able,
    );
    try {
      const found = kept?.first(looking) ?? null;
      // Nobody waits a turn for a cache that asks nobody.
      const known = found instanceof Promise ? await found : found;
      if (known) return cached(known);
      const first = await pieces.next();
      if (stream) return { text: startingWith(first, pieces, failed), meta };
      for (let next = first; !next.done; ) next = await pieces.next();
      return { text: walk.text, meta: meta() };
    } catch (error) {
      const given = error instanceof ExhaustedError || error instanceof ToolSessionError;
      const isLast = given && !walk.isRefused && walk.text === '';
      const near = isLast ? await lastResort(kept, looking, failed) : null;
      if (near) return cached(near);
      if (degrade === null || walk.isRefused || !given) {
        failed(error);
        throw error;
      }
      tell({ kind: 'degrade', reason: error.message });
      return { text: degrade, meta: { ...meta(), served: 'degraded', degraded: true } };
    }
  };
}

/** Whoever leaves meanwhile gets nothing. */
async function lastResort(
  caches: Caches | null,
  looking: Looking,
  failed: (error: unknown) => void,
): Promise<CachedAnswer | null> {
  try {
    return (await caches?.last(looking)) ?? null;
  } catch (error) {
    failed(error);
    throw error;
  }
}

const callerLeft = 'the caller left';

/**
 * Walks the targets, each once. Ends when one has answered; throws when none did. Whoever called
 * tools is asked first what follows from their results.
 */
async function* answer(call: Call, targets: readonly Target[]): AsyncGenerator<string, void> {
  const { walk, tell } = call;
  if (targets.length === 0) throw new ExhaustedError([], null, noneFit);
  let left = targets;
  while (walk.goesOn) {
    const [open, ...others] = walk.open(left);
    const target = open ?? walk.resort(targets);
    if (!target) {
      left = await walk.heard(targets, call.signal);
      if (left.length === 0) break;
      continue;
    }
    const ended = yield* askTarget(call, target, others);
    if (ended === 'answered') {
      const { served, usage } = walk;
      tell({ kind: 'answered', to: served, ...(usage ? { usage } : {}) });
      return;
    }
    left = ended === 'tools' ? [target, ...others] : others;
  }
  throw walk.error();
}

/**
 * A stream whose first piece was waited for already. Whoever stops reading stops the attempt.
 * `failed` hears of what goes wrong from here on.
 */
function startingWith(
  first: IteratorResult<string, void>,
  rest: AsyncGenerator<string, void>,
  failed: (error: unknown) => void,
): AsyncIterableIterator<string> {
  let waiting: IteratorResult<string, void> | null = first;
  let isOver = first.done === true;
  return {
    async next() {
      const due = waiting;
      waiting = null;
      if (due) return due;
      try {
        const next = await rest.next();
        isOver ||= next.done === true;
        return next;
      } catch (error) {
        if (!isOver) failed(error);
        isOver = true;
        throw error;
      }
    },
    return() {
      if (!isOver) failed(new Error(callerLeft));
      isOver = true;
      return rest.return();
    },
    [Symbol.asyncIterator]() {
      return this;
    },
  };
}
