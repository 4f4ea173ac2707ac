// Effects that bend a response whatever else befalls it: parts left out, lines that are no JSON,
// the same bytes in other reads. In file order; pure.
import type { ComposingEffect, Effect } from '../faults/effect.ts';
import { frameOf } from '../wires/frame.ts';
import type { Frame, Reply } from '../wires/wire.ts';
import type { Delivery } from './delivery.ts';
import { reaches, splitAt } from './place.ts';

type Of<Kind extends Effect['kind']> = ComposingEffect & { kind: Kind };

/**
 * The reply without what is omitted and with what is inserted, before time comes into it; and what
 * has fired, without the omissions that found nothing to leave out and the lines that stand behind
 * the end.
 */
export function bent<Rule extends { effect: Effect }>(
  reply: Reply,
  fired: readonly Rule[],
): { reply: Reply; fired: readonly Rule[] } {
  let result = reply;
  const moot = new Set<Rule>();
  for (const one of fired) {
    const { effect } = one;
    if (effect.kind !== 'bad-line' && effect.kind !== 'omit') continue;
    const before = result;
    result = effect.kind === 'omit' ? without(before, effect) : withBadLine(before, effect);
    if (result === before) moot.add(one);
  }
  return { reply: result, fired: moot.size === 0 ? fired : fired.filter((one) => !moot.has(one)) };
}

function without(reply: Reply, { parts, behind }: Of<'omit'>): Reply {
  const times = reply.frames.map(() => 0);
  const from = behind ? splitAt({ ...reply, times }, behind).index : 0;
  const frames = reply.frames.filter(
    ({ part }, index) => index < from || part === undefined || !parts.includes(part),
  );
  return frames.length === reply.frames.length ? reply : { ...reply, frames };
}

/** Raw quotes inside a string: what a provider sends that forgets to escape them. */
const unescaped = '"say "hello" to"';
const badBody = `{"content":${unescaped}}`;

/** A body at once is bad as a whole. */
function withBadLine(reply: Reply, { at, instead }: Of<'bad-line'>): Reply {
  if (!reply.sse) return { ...reply, frames: [frameOf(badBody, 'error')] };
  if (!reaches(reply, at)) return reply;
  const times = reply.frames.map(() => 0);
  const { frames, index } = splitAt({ ...reply, times }, at);
  const spoils = frames[index] ?? frames.at(-1);
  const atMs = spoils?.atMs === undefined ? {} : { atMs: spoils.atMs };
  const bad = { ...frameOf(spoilt(spoils), 'error'), ...atMs };
  const rest = frames.slice(instead ? index + 1 : index);
  return { ...reply, frames: [...frames.slice(0, index), bad, ...rest] };
}

const decoder = new TextDecoder();

/** The event with its data spoilt: clients that go by its name take it for what it was. */
function spoilt(frame: Frame | undefined): string {
  const event = frame ? decoder.decode(frame.bytes) : '';
  const name = /^event: .*$/m.exec(event)?.[0];
  const members = /^data: \{(.*)\}$/m.exec(event)?.[1];
  const data = `data: {${members === undefined ? '' : `${members},`}"content":${unescaped}}\n\n`;
  return name === undefined ? data : `${name}\n${data}`;
}

/** The same bytes in other reads. */
export function rechunked(delivery: Delivery, effects: readonly Effect[]): Delivery {
  let result = delivery;
  for (const effect of effects) {
    if (effect.kind !== 'rechunk' || result.kind !== 'response') continue;
    if ('events' in effect) result = together(result, effect.events);
    else if ('bytes' in effect) result = split(result, everyBytes(effect.bytes));
    else result = split(result, seamsIn);
  }
  return result;
}

type Response = Delivery & { kind: 'response' };

/** Pieces of a frame: its tags are on the last one, which completes it. `cuts`: in order. */
function split(delivery: Response, cuts: (bytes: Uint8Array) => readonly number[]): Response {
  const frames: Frame[] = [];
  const times: number[] = [];
  for (const [index, frame] of delivery.frames.entries()) {
    const { bytes } = frame;
    let from = 0;
    for (const to of [...cuts(bytes), bytes.length]) {
      const piece = bytes.subarray(from, to);
      const last = to === bytes.length;
      frames.push(last ? { ...frame, bytes: piece } : { ...untagged, bytes: piece });
      times.push(delivery.times[index] ?? 0);
      from = to;
    }
  }
  return { ...delivery, frames, times, apart: true };
}

function everyBytes(size: number): (bytes: Uint8Array) => number[] {
  return ({ length }) => {
    const cuts: number[] = [];
    for (let at = size; at < length; at += size) cuts.push(at);
    return cuts;
  };
}

const lineEnd = 10;

/** Inside the first word, the middle and the last line end, and behind the first line. */
function seamsIn(bytes: Uint8Array): number[] {
  const { length } = bytes;
  const cuts = new Set([2, bytes.indexOf(lineEnd) + 1, length >> 1, length - 1]);
  // 0xc0 and up begin a character of several bytes.
  for (let i = 0; i < length; i++) if ((bytes[i] ?? 0) >= 0xc0) cuts.add(i + 1);
  return [...cuts].filter((at) => at > 0 && at < length).sort((a, b) => a - b);
}

const untagged = { role: 'preamble', chars: 0, marker: false } as const;

/** Frames wait for the last of their group. */
function together(delivery: Response, group: number): Response {
  const times = delivery.times.map((_, index) => {
    const last = Math.min(delivery.times.length, (Math.floor(index / group) + 1) * group) - 1;
    return delivery.times[last] ?? 0;
  });
  const { end } = delivery;
  return { ...delivery, times, end: { ...end, atMs: Math.max(end.atMs, times.at(-1) ?? 0) } };
}
