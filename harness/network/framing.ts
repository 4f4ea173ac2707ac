// How HTTP/1.1 says where a body ends; the same for every transport, because clients look at it.
// And bodies as a client in this process reads them.
import type { Delivery } from '../upstream/delivery.ts';

type Answered = Delivery & { kind: 'response' };

/** A length where the body comes at once, else chunks; none where there can be no body. */
export function framingOf(delivery: Answered): [string, string][] {
  const { status, sse, frames, end } = delivery;
  if (isBodiless(status)) return [];
  if (sse || end.how === 'short') return [['transfer-encoding', 'chunked']];
  let length = end.how === 'complete' ? 0 : 1;
  for (const { bytes } of frames) length += bytes.length;
  // A body that breaks off announces more than is sent: that is how the cut shows.
  return [['content-length', String(length)]];
}

export function isBodiless(status: number): boolean {
  return status === 204 || status === 205 || status === 304;
}

/**
 * As one chunk of a byte stream, unless reads are to be apart: it costs half of what Response makes
 * of plain bytes.
 */
export function wholeBody(delivery: Answered): ReadableStream<Uint8Array> {
  return new ReadableStream({
    type: 'bytes',
    start(controller) {
      const { length } = delivery.frames;
      const step = delivery.apart ? 1 : length;
      for (let i = 0; i < length; i += step) {
        const bytes = chunkOf(delivery, i, i + step);
        if (bytes.length > 0) controller.enqueue(bytes);
      }
      controller.close();
    },
  });
}

/** Memory of its own: frames are shared, and what a reader does to its bytes must stay with it. */
export function chunkOf({ frames }: Answered, from: number, to: number): Uint8Array<ArrayBuffer> {
  const only = frames[from];
  if (only && to === from + 1) return new Uint8Array(only.bytes);
  let length = 0;
  for (let i = from; i < to; i++) length += frames[i]?.bytes.length ?? 0;
  const bytes = new Uint8Array(length);
  let at = 0;
  for (let i = from; i < to; i++) {
    const frame = frames[i];
    if (!frame) continue;
    bytes.set(frame.bytes, at);
    at += frame.bytes.length;
  }
  return bytes;
}
