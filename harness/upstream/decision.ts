// What becomes of one request: rejected, broken, disturbed or answered. Pure but for its cache of
// rendered answers, which every trial of a worker shares.
import { isDeepStrictEqual } from 'node:util';
import { LRUCache } from 'lru-cache';
import { HarnessError } from '../errors.ts';
import type { Effect, Position, Quirks, TerminalEffect } from '../faults/effect.ts';
import { isTerminal, placeOf } from '../faults/effect.ts';
import type { RateLimits, Rejection } from '../faults/rejection.ts';
import { gatewayReply } from '../wires/gateway.ts';
import type { Answer, Asked, Frame, Reply, Stamp, Wire } from '../wires/wire.ts';
import type { KnownAnswer } from './answer-book.ts';
import type { Given } from './changed-answer.ts';
import { quirksOf } from './changed-answer.ts';
import { bent } from './compose.ts';
import type { Additions } from './delivery.ts';
import type { ExactReply } from './exact-answer.ts';
import { splitAt } from './place.ts';
import type { Fired } from './schedule.ts';
import { takesEffect } from './takes-effect.ts';

/** Rendered answers are kept up to this many bytes. */
const framesBytes = 48 * 1024 * 1024;
const frameCache = new LRUCache<string, Rendered>({
  maxSize: framesBytes,
  sizeCalculation: ({ frames }) =>
    frames.reduce((sum, frame) => sum + frame.bytes.length + 120, 200),
});

interface Rendered {
  answer: Answer;
  frames: Frame[];
}

/** What becomes of one request. */
export interface Decision {
  reply: Reply;
  /** Null where the reply is a rejection. */
  answer: KnownAnswer | null;
  effect: TerminalEffect | null;
  additions: Additions;
  /** The class of the error in the reply or inside its body. */
  rejection: Rejection | null;
  fired: readonly Fired[];
}

/**
 * `answerOf` is asked only where an answer may be needed; it gives the error where there is none.
 * Throws that error where nothing else can be served.
 */
export function decide(
  wire: Wire,
  asked: Asked,
  stamped: Stamp,
  fired: Fired[],
  answerOf: () => Given<Fired> | HarnessError,
): Decision {
  const effects = fired.map((one) => one.effect);
  const effect = effects.find(isTerminal) ?? null;
  const stamp = withLimits(stamped, effects);
  const rejected = (reply: Reply, rejection: Rejection, own: Fired[] = []): Decision => {
    const all = [...fired, ...own];
    return { reply, answer: null, effect: null, additions: noAdditions, rejection, fired: all };
  };
  if (effect?.kind === 'reject') {
    const reply = wire.reject(effect.rejection, asked, stamp);
    return { ...rejected(reply, effect.rejection), effect };
  }
  if (effect?.kind === 'connection') {
    const none = { answer: null, rejection: null, additions: noAdditions };
    return { reply: emptyReply, effect, fired, ...none };
  }
  const stalled = effect?.kind === 'stall' && effect.at.at === 'headers';
  const objection = stalled ? null : wire.objection(asked);
  const given = answerOf();
  const known = given instanceof HarnessError ? null : given.known;
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
  if (given instanceof HarnessError) throw given;
  const answer = given.known;
  const formed = bent(replyOf(wire, asked, answer, stamp, effects), given.fired);
  const met = effect && takesEffect(formed.reply, effect) ? effect : null;
  const inBand = met?.kind === 'error-event' ? met : null;
  return {
    reply: formed.reply,
    fired: formed.fired.filter((one) => !isTerminal(one.effect) || met !== null),
    answer,
    effect: met,
    additions: {
      inBand: (sent) => {
        if (!inBand) return [];
        const said = asked.stream ? sent : saidUntil(wire, asked, answer, inBand.at);
        return wire.errorFrames(inBand.rejection, asked, stamp, said, inBand.form);
      },
      keepalive: (form, sent) => wire.keepalive(form, asked, answer.answer, sent),
    },
    rejection: inBand?.rejection ?? answer.failure,
  };
}

/** What faults alone make of a request that no provider hears of, or answers in time. */
export function unheard(wire: Wire, asked: Asked, stamp: Stamp, fired: Fired[]): Decision {
  const effect = fired.map((one) => one.effect).find(isTerminal) ?? null;
  if (effect?.kind === 'reject') return decide(wire, asked, stamp, fired, neverAsked);
  const none = { answer: null, rejection: null, additions: noAdditions };
  return { reply: emptyReply, effect, fired, ...none };
}

function neverAsked(): HarnessError {
  return new HarnessError('a rejection was asked for an answer');
}

const noAdditions: Additions = {
  inBand: () => [],
  keepalive: () => {
    throw new HarnessError('a rejection has no keepalives');
  },
};

const emptyReply: Reply = { status: 0, headers: [], frames: [], sse: false };

/** What a stream would have sent until then, for an error that comes with a part of the answer. */
function saidUntil(
  wire: Wire,
  asked: Asked,
  { answer }: KnownAnswer,
  at: Position,
): readonly Frame[] {
  const frames = wire.frames(answer, { ...asked, stream: true, variant: 'stream' });
  const split = splitAt({ sse: true, frames, times: frames.map(() => 0) }, at);
  return split.frames.slice(0, split.index);
}

/** The limits that a rejection tells, else those that a rule has counted. */
function withLimits(stamp: Stamp, effects: readonly Effect[]): Stamp {
  let limits: RateLimits | undefined;
  for (const effect of effects) {
    if (effect.kind === 'limits') limits = { ...limits, ...effect.limits };
    if (effect.kind === 'reject' && effect.rejection.limits) limits = effect.rejection.limits;
  }
  return limits ? { ...stamp, limits } : stamp;
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
  return exact.wire === asked.wire && exact.sse === (asked.stream && !asked.array);
}

function storedReply({ status, headers, headersMs, frames, sse }: ExactReply): Reply {
  return { status, headers, frames, sse, ...(headersMs === undefined ? {} : { headersMs }) };
}

/** The stored bytes where they fit what was asked, else the answer as the wire renders it. */
function replyOf(
  wire: Wire,
  asked: Asked,
  known: KnownAnswer,
  stamp: Stamp,
  effects: readonly Effect[],
): Reply {
  const form = effects.find((effect) => effect.kind === 'degenerate')?.form;
  if (form === 'html') return page(asked, stamp, wire);
  if (form === 'json' && asked.stream) {
    return replyOf(wire, { ...asked, stream: false, variant: 'whole' }, known, stamp, []);
  }
  if (form === 'no-events') return { ...rendered(wire, asked, known, stamp, {}), frames: [] };
  const quirks = quirksIn(effects, asked.stream);
  const { exact } = known;
  if (exact && Object.keys(quirks).length === 0 && fits(exact, asked)) return storedReply(exact);
  return rendered(wire, asked, known, stamp, quirks);
}

function rendered(
  wire: Wire,
  asked: Asked,
  { answer, vectors }: KnownAnswer,
  stamp: Stamp,
  quirks: Quirks,
): Reply {
  const odd = JSON.stringify(quirks);
  const key = `${wire.name}\n${answer.id}\n${asked.model}\n${asked.variant}\n${odd}`;
  const kept = frameCache.get(key);
  // Ids are those of a workload: two of them in one run may have the same.
  const fits = kept && (kept.answer === answer || isDeepStrictEqual(kept.answer, answer));
  const frames = fits ? kept.frames : wire.frames(answer, asked, quirks);
  // Hardly a question is asked twice: its vectors would only push answers out.
  if (!fits && !vectors) frameCache.set(key, { answer, frames });
  return { status: 200, headers: wire.headers(asked, stamp), frames, sse: asked.stream };
}

/** A login page in front of the API: it says 200, and the API never saw the request. */
function page(asked: Asked, stamp: Stamp, wire: Wire): Reply {
  const reply = gatewayReply('html', 200, 'Please sign in to continue.', []);
  const own = wire.headers(asked, stamp).filter(([name]) => name === 'date');
  return { ...reply, headers: [...reply.headers, ...own] };
}

/** A place behind an empty delta brings the delta along: streams have none of their own. */
function quirksIn(effects: readonly Effect[], stream: boolean): Quirks {
  let quirks: Quirks = {};
  for (const effect of effects) {
    const place = stream ? placeOf(effect) : null;
    if (place?.at === 'part' && place.part === 'empty') quirks = { ...quirks, emptyDelta: true };
    if (effect.kind === 'quirk') quirks = { ...quirks, ...effect.quirks };
    if (effect.kind === 'degenerate') quirks = { ...quirks, ...quirksOf(effect.form) };
  }
  return quirks;
}
