// Where a position lies in a response. In an event stream positions lie between events, but for
// bytes; a body at once is split at the byte.
import type { Position } from '../faults/effect.ts';
import type { Frame } from '../wires/wire.ts';

/** A response as far as places in it matter; `times` has one entry a frame. */
export interface Sequence {
  sse: boolean;
  frames: readonly Frame[];
  times: readonly number[];
}

export interface Split {
  frames: readonly Frame[];
  times: readonly number[];
  /** Of the first frame behind the place. */
  index: number;
}

/** A place that splits no event. */
type EventPlace = Exclude<Position, { at: 'byte' } | { at: 'inside-character' }>;

/**
 * Whether a response is as long as the place is far: a number of tokens, events or bytes that it
 * does not have, or a part that it is without, is behind its end. A part of a body at once is
 * anywhere in it, and all other places are in every response.
 */
export function reaches({ sse, frames }: Omit<Sequence, 'times'>, at: Position): boolean {
  switch (at.at) {
    case 'tokens':
      return at.count <= tokensIn(sse, frames);
    case 'event':
      return at.index <= (sse ? frames.length : 1);
    case 'byte':
      return at.index <= frames.reduce((sum, { bytes }) => sum + bytes.length, 0);
    case 'part':
      if (!sse || at.part === 'block-open') return true;
      return frames.some(({ part }) => part === at.part);
    case 'arguments':
      return !sse || frames.some(({ part }) => part === 'arguments');
    default:
      return true;
  }
}

function tokensIn(sse: boolean, frames: readonly Frame[]): number {
  if (sse) return frames.filter(({ role }) => role === 'payload').length;
  return frames.reduce((sum, { chars }) => sum + Math.ceil(chars / 4), 0);
}

/** Frames may come out split in two. */
export function splitAt(from: Sequence, at: Position): Split {
  if (at.at === 'byte') return splitAtByte(from, at.index);
  if (at.at === 'inside-character') return splitAtByte(from, insideCharacter(from.frames));
  const [body] = from.frames;
  if (from.sse || !body) return { ...from, index: frameIndex(from.frames, at) };
  const bytes = Math.floor(body.bytes.length * wholeShare(body, at));
  if (bytes >= body.bytes.length) return { ...from, index: from.frames.length };
  return splitAtByte(from, bytes);
}

function splitAtByte({ frames, times }: Sequence, byte: number): Split {
  let before = 0;
  for (const [index, frame] of frames.entries()) {
    const inside = byte - before;
    if (inside <= 0) return { frames, times, index };
    before += frame.bytes.length;
    if (inside >= frame.bytes.length) continue;
    const [head, tail] = halves(frame, inside);
    const time = times[index] ?? 0;
    return {
      frames: [...frames.slice(0, index), head, tail, ...frames.slice(index + 1)],
      times: [...times.slice(0, index), time, time, ...times.slice(index + 1)],
      index: index + 1,
    };
  }
  return { frames, times, index: frames.length };
}

/** Behind the first byte of the first character of several; else half-way. */
function insideCharacter(frames: readonly Frame[]): number {
  let before = 0;
  for (const { bytes } of frames) {
    const lead = bytes.findIndex((byte) => byte >= 0xc0);
    if (lead >= 0) return before + lead + 1;
    before += bytes.length;
  }
  return Math.floor(before / 2);
}

/** What a frame says is said when its last byte is there. */
function halves(frame: Frame, bytes: number): [head: Frame, tail: Frame] {
  const role = frame.role === 'whole' ? 'whole' : 'preamble';
  const head: Frame = { bytes: frame.bytes.subarray(0, bytes), role, chars: 0, marker: false };
  return [head, { ...frame, bytes: frame.bytes.subarray(bytes) }];
}

/** The index of the first frame behind a position in an event stream. */
export function frameIndex(frames: readonly Frame[], at: EventPlace): number {
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
    case 'part': {
      const index = frames.findIndex((frame) => frame.part === at.part);
      if (index !== -1) return index + 1;
      // A wire without blocks opens its only one with its first token.
      return at.part === 'block-open' ? frameIndex(frames, { at: 'first-token' }) : frames.length;
    }
    case 'reasoning':
      return behindReasoning(frames);
    case 'arguments':
      return insideArguments(frames);
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

/** Behind the block of the last reasoning frame; before the payload where there is none. */
function behindReasoning(frames: readonly Frame[]): number {
  const last = frames.findLastIndex(({ role }) => role === 'reasoning');
  if (last === -1) return frameIndex(frames, { at: 'first-token' });
  let end = last + 1;
  while (frames[end]?.part === 'block-close') end++;
  return end;
}

/** In the middle of the first run of argument frames; the end where there is none. */
function insideArguments(frames: readonly Frame[]): number {
  const first = frames.findIndex(({ part }) => part === 'arguments');
  if (first === -1) return frames.length;
  const behind = frames.findIndex(({ part }, index) => index > first && part !== 'arguments');
  const end = behind === -1 ? frames.length : behind;
  return first + Math.ceil((end - first) / 2);
}

function wholeShare(body: Frame, at: EventPlace): number {
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
    case 'part':
    case 'reasoning':
    case 'arguments':
      return 0.5;
    case 'marker':
      return 1;
    default:
      return at satisfies never;
  }
}
