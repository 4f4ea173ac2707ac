// What the history says of a request as it comes in.
import type { AttemptEvent } from '../history.ts';
import { mix } from '../rng.ts';
import type { Asked, RawRequest, Wire } from '../wires/wire.ts';
import type { OpenCall } from './answers.ts';
import { requestHash } from './request-hash.ts';
import type { Host } from './targets.ts';

export interface Begun {
  attempt: number;
  host: Host;
  hostname: string;
  wire: Wire;
  asked: Asked;
  request: RawRequest;
  from: OpenCall | null;
  /** ms since the trial's start. */
  start: number;
}

/** `facts`: what it brings that is not its own, and what it lacks. */
export function attemptEvent(
  { attempt, host, wire, asked, request, from, start }: Begun,
  turn: number | null,
  facts: Partial<AttemptEvent>,
): AttemptEvent {
  return {
    e: 'attempt',
    t: start,
    attempt,
    call: from?.call ?? null,
    provider: host.provider,
    model: asked.model,
    region: host.region,
    key: asked.key === null ? null : mix(0, asked.key).toString(36),
    wire: wire.name,
    stream: asked.stream,
    body: requestHash(request.body, asked),
    ...(turn === null ? {} : { turn }),
    ...(isBeside(request.body, from) ? { beside: true as const } : {}),
    ...facts,
  };
}

/** Probes and warm-ups that a call set off are in its context, and do not ask its question. */
function isBeside(body: string, from: OpenCall | null): boolean {
  return from?.ticket !== undefined && !body.includes(from.ticket);
}
