// A body on its way as the frames of its wire, and where a fault's place in it is: told as soon as
// what stands behind it has come, since nobody knows how long the answer will be.
import type { Position } from '../faults/effect.ts';
import { splitAt } from '../upstream/place.ts';
import { sseFrames, sseSplitter } from '../wires/sse.ts';
import type { Frame, Wire } from '../wires/wire.ts';

/** The provider's own connection ended in the middle; `cause` is what `fetch` showed. */
export class BodyBroken extends Error {
  override readonly name = 'BodyBroken';
}

/** Its pieces. Throws BodyBroken for what reading them throws. */
export async function* piecesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  const reading = body[Symbol.asyncIterator]();
  try {
    for (;;) {
      const piece = await reading.next().catch((cause: unknown) => {
        throw new BodyBroken('the body ended in the middle', { cause });
      });
      if (piece.done) return;
      yield piece.value;
    }
  } finally {
    await reading.return?.().catch(() => {});
  }
}

/** The events of a stream, one as soon as it is whole. */
export async function* framesOf(
  body: AsyncIterable<Uint8Array>,
  wire: Pick<Wire, 'classify'>,
): AsyncGenerator<Frame> {
  const splitter = sseSplitter();
  for await (const piece of piecesOf(body)) {
    for (const block of splitter.push(piece)) yield* sseFrames(block, wire);
  }
  for (const block of splitter.end()) yield* sseFrames(block, wire);
}

export interface PlaceFound {
  /** What came so far; a frame may have come out split in two. */
  frames: readonly Frame[];
  /** Of the first frame behind the place. */
  index: number;
}

/** `typical`: how many pieces of text an answer is likely to have, for places that are a share. */
export function placeIn(
  frames: readonly Frame[],
  at: Position,
  typical: number,
): PlaceFound | null {
  if (at.at === 'inside-character' && !frames.some(hasWideCharacter)) return null;
  const place: Position =
    at.at === 'share' ? { at: 'tokens', count: Math.floor(typical * at.share) } : at;
  const split = splitAt({ sse: true, frames, times: frames.map(() => 0) }, place);
  return split.index < split.frames.length ? split : null;
}

/** 0xc0 and up begin a character of several bytes. */
function hasWideCharacter({ bytes }: Frame): boolean {
  return bytes.some((byte) => byte >= 0xc0);
}
