// What becomes of one request: rejected, broken, disturbed or answered. Pure but for its cache of
// rendered answers, which every trial of a worker shares.
import { LRUCache } from 'lru-cache';
import { HarnessError } from '../errors.ts';
import type { Effect, Rejection } from '../faults/fault.ts';
import type { Asked, Frame, Reply, Stamp, Wire } from '../wires/wire.ts';
import type { KnownAnswer } from './answer-book.ts';
import type { InBand, Pace } from './delivery.ts';
import type { ExactReply } from './exact-answer.ts';
import type { Fired } from './schedule.ts';

type TerminalEffect = Exclude<Effect, { kind: 'pace' }>;

/** Rendered answers are kept up to this many bytes. */
const framesBytes = 48 * 1024 * 1024;
const frameCache = new LRUCache<string, Frame[]>({
  maxSize: framesBytes,
  sizeCalculation: (frames) => frames.reduce((sum, frame) => sum + frame.bytes.length + 120, 200),
});

/** What becomes of one request. */
export interface Decision {
  reply: Reply;
  /** Null where the reply is a rejection. */
  answer: KnownAnswer | null;
  effect: TerminalEffect | null;
  /** The frames of an error event; none without one. */
  inBand: InBand;
  /** The class of the error in the reply or inside its body. */
  rejection: Rejection | null;
  fired: Fired[];
}

/**
 * `answerOf` is asked only where an answer may be needed; it gives the error where there is none.
 * Throws that error where nothing else can be served.
 */
export function decide(
  wire: Wire,
  asked: Asked,
  stamp: Stamp,
  fired: Fired[],
  answerOf: () => KnownAnswer | HarnessError,
): Decision {
  const effect = terminalOf(fired);
  const rejected = (reply: Reply, rejection: Rejection, own: Fired[] = []): Decision => {
    const all = [...fired, ...own];
    return { reply, answer: null, effect: null, inBand: () => [], rejection, fired: all };
  };
  if (effect?.kind === 'reject') {
    return rejected(wire.reject(effect.rejection, asked, stamp), effect.rejection);
  }
  if (effect?.kind === 'connection') {
    return { reply: emptyReply, answer: null, effect, inBand: () => [], rejection: null, fired };
  }
  const stalled = effect?.kind === 'stall' && effect.at.at === 'headers';
  const objection = stalled ? null : wire.objection(asked);
  const answer = answerOf();
  const known = answer instanceof HarnessError ? null : answer;
  // What the provider itself was recorded to refuse needs no rule of ours.
  const refused = known && refusalOf(wire, asked, known, stamp);
  if (refused && known?.failure) {
    const decision = rejected(refused, known.failure);
    return stalled ? { ...decision, effect } : decision;
  }
  if (objection) {
    const own: Fired = {
      rule: -1,
      fault: 'objection',
      effect: { kind: 'reject', rejection: objection },
    };
    return rejected(wire.reject(objection, asked, stamp), objection, [own]);
  }
  if (answer instanceof HarnessError) throw answer;
  const inBand = effect?.kind === 'error-event' ? effect.rejection : null;
  return {
    reply: replyOf(wire, asked, answer, stamp),
    answer,
    effect,
    inBand: (sent) => (inBand ? wire.errorFrames(inBand, asked, stamp, sent) : []),
    rejection: inBand ?? answer.failure,
    fired,
  };
}

const emptyReply: Reply = { status: 0, headers: [], frames: [], sse: false };

function terminalOf(fired: Fired[]): TerminalEffect | null {
  for (const { effect } of fired) if (effect.kind !== 'pace') return effect;
  return null;
}

/**
 * The reply of a recorded error that takes the place of an answer: the stored one where there is a
 * status to it, else as the wire renders its class. Null where an error lies within a stored 200
 * that fits what was asked, and where there is none.
 */
function refusalOf(wire: Wire, asked: Asked, known: KnownAnswer, stamp: Stamp): Reply | null {
  const { exact, failure } = known;
  if (!exact || !failure) return null;
  // Error bodies belong to a provider, not to one of its endpoints.
  if (exact.status >= 400) return storedReply(exact);
  return fits(exact, asked) ? null : wire.reject(failure, asked, stamp);
}

function fits(exact: ExactReply, asked: Asked): boolean {
  return exact.wire === asked.wire && exact.sse === asked.stream;
}

function storedReply({ status, headers, frames, sse }: ExactReply): Reply {
  return { status, headers, frames, sse };
}

/** The stored bytes where they fit what was asked, else the answer as the wire renders it. */
function replyOf(wire: Wire, asked: Asked, known: KnownAnswer, stamp: Stamp): Reply {
  const { exact } = known;
  if (exact && fits(exact, asked)) return storedReply(exact);
  const key = `${wire.name}\n${known.answer.id}\n${asked.model}\n${asked.variant}`;
  let frames = frameCache.get(key);
  if (!frames) {
    frames = wire.frames(known.answer, asked);
    frameCache.set(key, frames);
  }
  return { status: 200, headers: wire.headers(asked, stamp), frames, sse: asked.stream };
}

/** The pace after every effect that slows it, in file order. */
export function paced(pace: Pace, fired: Fired[]): Pace {
  let result = pace;
  for (const { effect } of fired) {
    if (effect.kind !== 'pace') continue;
    const ttftMs = effect.ttftMs ?? Math.round(result.ttftMs * (effect.ttftFactor ?? 1));
    result = {
      ...result,
      ttftMs,
      tokensPerSecond: effect.tokensPerSecond ?? result.tokensPerSecond,
    };
  }
  return result;
}
