// From a reply, a pace and effects to what goes over the wire when: a plan, as data. It knows
// neither wires nor clocks nor sockets; the transports (virtual and loopback) carry it out.
import type { Keepalive, Position, TerminalEffect } from '../faults/effect.ts';
import type { Frame, Reply } from '../wires/wire.ts';
import type { Pace } from './pace.ts';
import { rejectionTimes, timesOf } from './pace.ts';
import { splitAt } from './place.ts';
import type { TimesFrom } from './recorded-times.ts';

export type ResponseEnd = 'complete' | 'short' | 'reset' | 'fin' | 'never';

/** Times in ms since the request arrived. */
export type Delivery =
  | { kind: 'broken'; how: 'refused' | 'reset' | 'fin' | 'dns' | 'tls'; atMs: number }
  | {
      kind: 'response';
      /** Null: no headers, ever. */
      headersAtMs: number | null;
      status: number;
      headers: [name: string, value: string][];
      sse: boolean;
      frames: readonly Frame[];
      /** When each frame goes out; non-decreasing. */
      times: readonly number[];
      end: { how: ResponseEnd; atMs: number };
      /** Sent again and again after the last frame, as long as the connection is open. */
      beat?: { frame: Frame; everyMs: number };
      /** Every frame is a read of its own, also where several are due at once. */
      apart?: true;
      /** Where its times were recorded; absent: as an assumed pace has them. */
      timesFrom?: TimesFrom;
    };

/** What a wire adds to a response that is on its way, given the frames that went before. */
export interface Additions {
  /** The frames of an error inside a 200; none without one. */
  inBand(sent: readonly Frame[]): Frame[];
  keepalive(form: Keepalive['form'], sent: readonly Frame[]): Frame;
}

/** A healthy reply, or one that a fault disturbs. */
export function deliver(
  reply: Reply,
  pace: Pace,
  effect: TerminalEffect | null,
  additions: Additions,
): Delivery {
  if (effect?.kind === 'connection') {
    return { kind: 'broken', how: effect.how, atMs: pace.rejectMs };
  }
  const timed = timesOf(reply, pace);
  const healthy: Delivery & { kind: 'response' } = {
    kind: 'response',
    headersAtMs: timed.headersAtMs,
    status: reply.status,
    headers: reply.headers,
    sse: reply.sse,
    frames: reply.frames,
    times: timed.times,
    end: { how: 'complete', atMs: timed.times.at(-1) ?? timed.headersAtMs },
    ...(timed.from ? { timesFrom: timed.from } : {}),
  };
  switch (effect?.kind) {
    case 'stall':
      return stalled(healthy, effect, additions);
    case 'cut':
      return cut(healthy, effect);
    case 'error-event':
      return withError(healthy, effect.at, additions);
    default:
      return healthy;
  }
}

/** Rejections are short: headers and body together, unless the body is `silenceMs` late. */
export function deliverRejection(reply: Reply, pace: Pace, silenceMs: number | null = 0): Response {
  if (silenceMs === null) return { ...deliverRejection(reply, pace), ...nothing, end: never() };
  const { headersAtMs, times, from } = rejectionTimes(reply, pace, silenceMs);
  return {
    kind: 'response',
    headersAtMs,
    status: reply.status,
    headers: reply.headers,
    sse: reply.sse,
    frames: reply.frames,
    times,
    end: { how: 'complete', atMs: times.at(-1) ?? headersAtMs + silenceMs },
    ...(from ? { timesFrom: from } : {}),
  };
}

const nothing = { frames: [], times: [] };

type Response = Delivery & { kind: 'response' };

function stalled(
  healthy: Response,
  effect: TerminalEffect & { kind: 'stall' },
  additions: Additions,
): Delivery {
  const { forMs } = effect;
  if (effect.at.at === 'headers') {
    if (forMs === null) return { ...healthy, headersAtMs: null, ...nothing, end: never() };
    return delayed(healthy, 0, forMs, (healthy.headersAtMs ?? 0) + forMs);
  }
  const { frames, times, index } = splitAt(healthy, effect.at);
  const sent = frames.slice(0, index);
  const keepalive = healthy.sse ? effect.keepalive : undefined;
  const beat = keepalive && {
    frame: additions.keepalive(keepalive.form, sent),
    everyMs: keepalive.everyMs,
  };
  if (forMs === null) {
    const cutOff = { frames: sent, times: times.slice(0, index), end: never() };
    return { ...healthy, ...cutOff, ...(beat ? { beat } : {}) };
  }
  if (effect.ends !== undefined) {
    const short = cut(healthy, { kind: 'cut', at: effect.at, how: effect.ends });
    const quiet = { ...short, end: { ...short.end, atMs: short.end.atMs + forMs } };
    return beat ? withBeats(quiet, short.frames.length, forMs, beat) : quiet;
  }
  const late = delayed({ ...healthy, frames, times }, index, forMs, healthy.headersAtMs ?? 0);
  return beat ? withBeats(late, index, forMs, beat) : late;
}

/** Keepalives in a silence that ends: they are frames like the others. */
function withBeats(
  from: Response,
  index: number,
  forMs: number,
  { frame, everyMs }: NonNullable<Response['beat']>,
): Response {
  const since = from.times[index - 1] ?? from.headersAtMs ?? 0;
  const count = Math.max(0, Math.ceil(forMs / everyMs) - 1);
  const beats = Array.from({ length: count }, (_, i) => since + (i + 1) * everyMs);
  return {
    ...from,
    frames: [
      ...from.frames.slice(0, index),
      ...beats.map(() => frame),
      ...from.frames.slice(index),
    ],
    times: [...from.times.slice(0, index), ...beats, ...from.times.slice(index)],
  };
}

function delayed(from: Response, index: number, forMs: number, headersAtMs: number): Response {
  const times = from.times.map((at, i) => (i < index ? at : at + forMs));
  const rest = index < from.times.length ? forMs : 0;
  return { ...from, headersAtMs, times, end: { ...from.end, atMs: from.end.atMs + rest } };
}

/** The connection breaks a step after the last byte: bytes and reset together are never seen. */
function cut(healthy: Response, effect: TerminalEffect & { kind: 'cut' }): Response {
  const split = splitAt(healthy, effect.at);
  const whole = split.index >= split.frames.length;
  if (whole && effect.how === 'clean') return healthy;
  const times = split.times.slice(0, split.index);
  const next = split.times[split.index] ?? healthy.end.atMs;
  const last = times.at(-1) ?? healthy.headersAtMs ?? 0;
  const how = effect.how === 'clean' ? 'short' : effect.how;
  return {
    ...healthy,
    frames: split.frames.slice(0, split.index),
    times,
    end: { how, atMs: Math.max(next, last + 1) },
  };
}

function withError(healthy: Response, at: Position, { inBand }: Additions): Delivery {
  if (!healthy.sse) {
    const atMs = healthy.headersAtMs ?? 0;
    const frames = inBand([]);
    return { ...healthy, frames, times: frames.map(() => atMs) };
  }
  const { frames, times, index } = splitAt(healthy, at);
  const atMs = times[index] ?? healthy.end.atMs;
  const sent = frames.slice(0, index);
  const error = inBand(sent);
  return {
    ...healthy,
    frames: [...sent, ...error],
    times: [...times.slice(0, index), ...error.map(() => atMs)],
    end: { how: 'complete', atMs },
  };
}

function never(): Response['end'] {
  return { how: 'never', atMs: Number.POSITIVE_INFINITY };
}
