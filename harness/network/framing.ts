// How HTTP/1.1 says where a body ends; the same for every transport, because clients look at it.
import type { Delivery } from '../upstream/delivery.ts';

/** A length where the body comes at once, else chunks; none where there can be no body. */
export function framingOf(delivery: Delivery & { kind: 'response' }): [string, string][] {
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
