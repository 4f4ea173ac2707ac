// When the frames of a recorded response come: as they came from the provider, where a recorder
// kept the times. A fault that slows acts on the recorded times as it does on an assumed pace.
import type { Effect } from '../faults/effect.ts';
import type { Frame, Reply } from '../wires/wire.ts';
import type { ExactRecording } from './recording.ts';
import { tokensOf } from './tokens.ts';

/** An effect that slows. */
export type Slowing = Effect & { kind: 'pace' };

/** How recorded times are used: all of them so many times as long, and then slowed. */
export interface Replaying {
  factor: number;
  slowing: readonly Slowing[];
}

/** How times come from a recording: all of them, or the first and how fast it went on. */
export type TimesFrom = 'recorded' | 'recorded-speed';

/** Whole ms since the request. */
export interface Timed {
  headersAtMs: number;
  times: number[];
}

/** The times of a stream, for an answer that is rendered another way than it was recorded. */
export interface RecordedSpan {
  /** From the request to the first word or thought, ms. */
  ttftMs: number;
  /** From there to the last, ms. */
  lastingMs: number;
  /** Infinite where all of it came at once. */
  tokensPerSecond: number;
}

type Chunks = ExactRecording['exchange']['chunks'];

/** The frames with their times: that of the chunk which brought the last byte. */
export function withRecordedTimes(frames: Frame[], chunks: Chunks): Frame[] {
  const ends = endsOf(chunks);
  const length = frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
  // Chunks of another body say nothing of this one.
  if (ends.length === 0 || ends.at(-1)?.byte !== length) return frames;
  let at = 0;
  let byte = 0;
  return frames.map((frame) => {
    byte += frame.bytes.length;
    while ((ends[at]?.byte ?? byte) < byte) at++;
    return { ...frame, atMs: ends[at]?.atMs ?? 0 };
  });
}

/** Where each chunk ends, and when it came; empty where a time is missing or runs backwards. */
function endsOf(chunks: Chunks = []): { byte: number; atMs: number }[] {
  const ends: { byte: number; atMs: number }[] = [];
  let byte = 0;
  for (const { bytes, atMs } of chunks) {
    if (atMs === undefined || atMs < (ends.at(-1)?.atMs ?? 0)) return [];
    byte += bytes;
    ends.push({ byte, atMs });
  }
  return ends;
}

/** Null for a body at once, and where not all times are known. */
export function spanOf(
  { sse, headersMs, frames }: Pick<Reply, 'sse' | 'headersMs' | 'frames'>,
  said: string,
): RecordedSpan | null {
  if (!sse || headersMs === undefined || !isTimed(frames)) return null;
  const spoken = frames.filter(isSpoken);
  const [first] = spoken;
  const last = spoken.at(-1);
  if (first?.atMs === undefined || last?.atMs === undefined) return null;
  const lastingMs = last.atMs - first.atMs;
  const gaps = Math.max(0, tokensOf(said) - 1);
  const tokensPerSecond =
    gaps === 0 || lastingMs === 0 ? Number.POSITIVE_INFINITY : (gaps * 1000) / lastingMs;
  return { ttftMs: headersMs + first.atMs, lastingMs, tokensPerSecond };
}

/** Thoughts take their time as words do. */
export function isSpoken(frame: Frame | undefined): boolean {
  return frame?.role === 'payload' || frame?.role === 'reasoning';
}

/** Null where a time of the reply is not known. */
export function recordedTimes(reply: Reply, { factor }: Replaying): Timed | null {
  const { frames, headersMs, sse } = reply;
  if (headersMs === undefined || (sse && !isTimed(frames))) return null;
  const times = frames.map(({ atMs = 0 }) => (headersMs + atMs) * factor);
  return { headersAtMs: headersMs * factor, times };
}

function isTimed(frames: readonly Frame[]): boolean {
  return frames.every(({ atMs }) => atMs !== undefined);
}

/**
 * A recorded stream after all that slows it, in file order: a later first token moves what follows,
 * a speed or a length of its own takes the place of the recorded gaps.
 */
export function slowedStream(
  timed: Timed,
  frames: readonly Frame[],
  by: readonly Slowing[],
): Timed {
  let result = timed;
  for (const effect of by) {
    result = afterFirst(laterFirst(result, frames, effect), frames, effect);
  }
  return result;
}

/**
 * A recorded body at once after all that slows it: nobody knows how much of its time went by before
 * the first word, so that it has the `share` that an assumed pace gives it.
 */
export function slowedWhole(
  timed: Timed,
  share: number,
  tokens: number,
  by: readonly Slowing[],
): Timed {
  const whole = timed.times.at(-1) ?? timed.headersAtMs;
  let ttftMs = whole * share;
  let lastingMs = whole - ttftMs;
  for (const effect of by) {
    ttftMs = effect.ttftMs ?? ttftMs * (effect.ttftFactor ?? 1);
    const { tokensPerSecond } = effect;
    const spokenMs = tokensPerSecond === undefined ? lastingMs : (tokens * 1000) / tokensPerSecond;
    lastingMs = effect.streamMs ?? spokenMs;
  }
  const byMs = ttftMs + lastingMs - whole;
  return {
    headersAtMs: Math.max(0, timed.headersAtMs + byMs),
    times: timed.times.map((at) => Math.max(0, at + byMs)),
  };
}

function firstIn({ times, headersAtMs }: Timed, frames: readonly Frame[]): number {
  return times[frames.findIndex(isSpoken)] ?? times.at(-1) ?? headersAtMs;
}

function laterFirst(timed: Timed, frames: readonly Frame[], effect: Slowing): Timed {
  const from = firstIn(timed, frames);
  const to = effect.ttftMs ?? from * (effect.ttftFactor ?? 1);
  const moved = (at: number): number => (at < from ? (at * to) / from : at + to - from);
  return { headersAtMs: moved(timed.headersAtMs), times: timed.times.map(moved) };
}

function afterFirst(timed: Timed, frames: readonly Frame[], effect: Slowing): Timed {
  const { tokensPerSecond, streamMs } = effect;
  if (tokensPerSecond === undefined && streamMs === undefined) return timed;
  const first = firstIn(timed, frames);
  const gaps = Math.max(1, frames.filter(isSpoken).length - 1);
  const gapMs = streamMs === undefined ? 1000 / (tokensPerSecond ?? 1) : streamMs / gaps;
  let spoken = 0;
  let last = first;
  const times = timed.times.map((at, index) => {
    if (isSpoken(frames[index])) last = first + spoken++ * gapMs;
    return at < first ? at : last;
  });
  return { ...timed, times };
}
