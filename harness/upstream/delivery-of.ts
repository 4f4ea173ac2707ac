// From a decision and a pace to what goes over the wire when.

import { rechunked } from './compose.ts';
import type { Decision } from './decision.ts';
import type { Delivery } from './delivery.ts';
import { deliver, deliverRejection } from './delivery.ts';
import type { Pace } from './pace.ts';
import { readLate } from './read-late.ts';

export function deliveryOf(
  { reply, answer, effect, additions, fired }: Decision,
  pace: Pace,
): Delivery {
  const silenceMs = effect?.kind === 'reject' ? effect.bodySilenceMs : undefined;
  const isRejection = effect ? effect.kind === 'reject' : !answer;
  const delivery = isRejection
    ? deliverRejection(reply, pace, silenceMs)
    : deliver(reply, pace, effect, additions);
  const effects = fired.map((one) => one.effect);
  return readLate(rechunked(delivery, effects), effects);
}

/** Frames whose time has come, ms after the request. */
export function framesDue(delivery: Delivery, sinceMs: number): number {
  if (delivery.kind !== 'response' || (delivery.headersAtMs ?? sinceMs + 1) > sinceMs) return 0;
  return delivery.times.filter((at) => at <= sinceMs).length;
}
