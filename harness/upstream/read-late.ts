// A request that lies unread: all that follows comes so much later, or never.
import type { Effect } from '../faults/effect.ts';
import type { Delivery } from './delivery.ts';

/** The delivery after every effect that keeps the request unread, in file order. */
export function readLate(delivery: Delivery, effects: readonly Effect[]): Delivery {
  let result = delivery;
  for (const effect of effects) {
    if (effect.kind !== 'unread' || neverSent(result)) continue;
    result = effect.forMs === null ? unanswered : later(result, effect.forMs);
  }
  return result;
}

/** Where there is no connection there is no request. */
function neverSent(delivery: Delivery): boolean {
  if (delivery.kind !== 'broken') return false;
  return delivery.how === 'refused' || delivery.how === 'dns' || delivery.how === 'tls';
}

const unanswered: Delivery = {
  kind: 'response',
  headersAtMs: null,
  status: 0,
  headers: [],
  sse: false,
  frames: [],
  times: [],
  end: { how: 'never', atMs: Number.POSITIVE_INFINITY },
};

function later(delivery: Delivery, byMs: number): Delivery {
  if (delivery.kind === 'broken') return { ...delivery, atMs: delivery.atMs + byMs };
  const { headersAtMs, times, end } = delivery;
  return {
    ...delivery,
    headersAtMs: headersAtMs === null ? null : headersAtMs + byMs,
    times: times.map((at) => at + byMs),
    end: { ...end, atMs: end.atMs + byMs },
  };
}
