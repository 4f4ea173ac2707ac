// From a reply, a pace and effects to what goes over the wire when: a plan, as data. It knows
// neither wires nor clocks nor sockets; the transports (virtual and loopback) carry it out.
import type { Effect, Position } from '../faults/fault.ts';
import type { Frame, Reply } from '../wires/wire.ts';

/** How fast a target answers when nothing is wrong. Times in ms. */
export interface Pace {
  /** From the request to the first payload. */
  ttftMs: number;
  tokensPerSecond: number;
  /** From the request to the headers of a rejection, or to a broken connection. */
  rejectMs: number;
}

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
    };

type TerminalEffect = Exclude<Effect, { kind: 'pace' }>;

/** The part of the time to the first token after which the headers are there: an assumption. */
const headersShare = 0.5;

/** The frames of an error inside a 200, given those that were sent before it. */
export type InBand = (sent: readonly Frame[]) => Frame[];

/** A healthy reply, or one that a fault disturbs. `inBand` makes the frames of an error event. */
export function deliver(
  reply: Reply,
  pace: Pace,
  effect: TerminalEffect | null,
  inBand: InBand,
): Delivery {
  if (effect?.kind === 'connection') {
    return { kind: 'broken', how: effect.how, atMs: pace.rejectMs };
  }
  const timed = reply.sse ? streamTimes(reply.frames, pace) : wholeTimes(reply, pace);
  const healthy: Delivery & { kind: 'response' } = {
    kind: 'response',
    headersAtMs: timed.headersAtMs,
    status: reply.status,
    headers: reply.headers,
    sse: reply.sse,
    frames: reply.frames,
    times: timed.times,
    end: { how: 'complete', atMs: timed.times.at(-1) ?? timed.headersAtMs },
  };
  if (!effect || effect.kind === 'reject') return healthy;
  if (effect.kind === 'stall') return stalled(healthy, effect);
  if (effect.kind === 'cut') return cut(healthy, effect);
  return withError(healthy, effect.at, inBand);
}

/** Rejections are short: headers and body together. */
export function deliverRejection(reply: Reply, pace: Pace): Delivery {
  return {
    kind: 'response',
    headersAtMs: pace.rejectMs,
    status: reply.status,
    headers: reply.headers,
    sse: reply.sse,
    frames: reply.frames,
    times: reply.frames.map(() => pace.rejectMs),
    end: { how: 'complete', atMs: pace.rejectMs },
  };
}

interface Timed {
  headersAtMs: number;
  times: number[];
}

function streamTimes(frames: readonly Frame[], pace: Pace): Timed {
  const headersAtMs = Math.round(pace.ttftMs * headersShare);
  const times: number[] = new Array(frames.length);
  let payloads = 0;
  let at = headersAtMs;
  for (let i = 0; i < frames.length; i++) {
    if (frames[i]?.role === 'payload') {
      at = pace.ttftMs + Math.round((payloads * 1000) / pace.tokensPerSecond);
      payloads++;
    }
    times[i] = at;
  }
  return { headersAtMs, times };
}

/** A body at once comes when the last token would have come; its headers come with it. */
function wholeTimes(reply: Reply, pace: Pace): Timed {
  const chars = reply.frames.reduce((sum, frame) => sum + frame.chars, 0);
  const tokens = reply.status === 200 ? Math.ceil(chars / 4) : 0;
  const at = pace.ttftMs + Math.round((tokens * 1000) / pace.tokensPerSecond);
  return { headersAtMs: at, times: reply.frames.map(() => at) };
}

type Response = Delivery & { kind: 'response' };

function stalled(healthy: Response, effect: TerminalEffect & { kind: 'stall' }): Delivery {
  const { forMs } = effect;
  if (effect.at.at === 'headers') {
    if (forMs === null) {
      return { ...healthy, headersAtMs: null, frames: [], times: [], end: never() };
    }
    return delayed(healthy, 0, forMs, (healthy.headersAtMs ?? 0) + forMs);
  }
  const { frames, times, index } = splitAt(healthy, effect.at);
  if (forMs === null) {
    return {
      ...healthy,
      frames: frames.slice(0, index),
      times: times.slice(0, index),
      end: never(),
    };
  }
  return delayed({ ...healthy, frames, times }, index, forMs, healthy.headersAtMs ?? 0);
}

function delayed(from: Response, index: number, forMs: number, headersAtMs: number): Delivery {
  const times = from.times.map((at, i) => (i < index ? at : at + forMs));
  const rest = index < from.times.length ? forMs : 0;
  return { ...from, headersAtMs, times, end: { ...from.end, atMs: from.end.atMs + rest } };
}

/** The connection breaks a step after the last byte: bytes and reset together are never seen. */
function cut(healthy: Response, effect: TerminalEffect & { kind: 'cut' }): Delivery {
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

function withError(healthy: Response, at: Position, inBand: InBand): Delivery {
  if (!healthy.sse) {
    const atMs = healthy.headersAtMs ?? 0;
    const frames = inBand([]);
    return { ...healthy, frames, times: frames.map(() => atMs) };
  }
  const { index } = splitAt(healthy, at);
  const atMs = healthy.times[index] ?? healthy.end.atMs;
  const sent = healthy.frames.slice(0, index);
  const error = inBand(sent);
  return {
    ...healthy,
    frames: [...sent, ...error],
    times: [...healthy.times.slice(0, index), ...error.map(() => atMs)],
    end: { how: 'complete', atMs },
  };
}

function never(): Response['end'] {
  return { how: 'never', atMs: Number.POSITIVE_INFINITY };
}

/**
 * The index of the first frame behind a position. In an event stream positions lie between
 * events; a body at once is split at the byte.
 */
function splitAt(
  from: Response,
  at: Position,
): { frames: readonly Frame[]; times: readonly number[]; index: number } {
  const [body] = from.frames;
  if (from.sse || !body) return { ...from, index: frameIndex(from.frames, at) };
  const bytes = Math.floor(body.bytes.length * wholeShare(body, at));
  if (bytes >= body.bytes.length) return { ...from, index: from.frames.length };
  const head: Frame = { ...body, bytes: body.bytes.subarray(0, bytes), chars: 0, marker: false };
  const tail: Frame = { ...body, bytes: body.bytes.subarray(bytes) };
  const time = from.times[0] ?? 0;
  if (bytes === 0) return { frames: [tail], times: [time], index: 0 };
  return { frames: [head, tail], times: [time, time], index: 1 };
}

function wholeShare(body: Frame, at: Position): number {
  switch (at.at) {
    case 'headers':
    case 'first-event':
    case 'first-token':
      return 0;
    case 'tokens':
      return Math.min(1, at.count / Math.max(1, Math.ceil(body.chars / 4)));
    case 'share':
      return at.share;
    case 'event':
      return at.index <= 1 ? 0 : 1;
    case 'marker':
      return 1;
    default:
      return at satisfies never;
  }
}

function frameIndex(frames: readonly Frame[], at: Position): number {
  const find = (index: number): number => (index === -1 ? frames.length : index);
  switch (at.at) {
    case 'headers':
    case 'first-event':
      return 0;
    case 'first-token':
      return find(frames.findIndex((frame) => frame.role === 'payload'));
    case 'tokens':
      return afterPayloads(frames, at.count);
    case 'share': {
      const payloads = frames.filter((frame) => frame.role === 'payload').length;
      return afterPayloads(frames, Math.floor(payloads * at.share));
    }
    case 'event':
      return Math.min(at.index - 1, frames.length);
    case 'marker':
      return find(frames.findIndex((frame) => frame.marker));
    default:
      return at satisfies never;
  }
}

/** Behind the n-th payload frame, before anything that follows it. */
function afterPayloads(frames: readonly Frame[], count: number): number {
  if (count === 0) return frameIndex(frames, { at: 'first-token' });
  let seen = 0;
  for (let i = 0; i < frames.length; i++) {
    if (frames[i]?.role === 'payload' && ++seen === count) return i + 1;
  }
  return frames.length;
}
