// A trial's network without a trial: virtual time, the virtual network, and an upstream of the
// test's own, which says for each request what is delivered.
import { alarms } from '../harness/clock/virtual-clock.ts';
import type { Network } from '../harness/network/network.ts';
import { enableNetwork } from '../harness/network/network.ts';
import type { ClientLimits, Timers } from '../harness/network/virtual-response.ts';
import type { OpenCall } from '../harness/upstream/answers.ts';
import type { Delivery } from '../harness/upstream/delivery.ts';
import type { Served, Upstream } from '../harness/upstream/upstream.ts';
import type { Frame, RawRequest } from '../harness/wires/wire.ts';
import type { Trial } from './clock/virtual.ts';
import { onVirtualTime } from './clock/virtual.ts';

export type Answered = Delivery & { kind: 'response' };

const encoder = new TextEncoder();

export function frames(...texts: string[]): Frame[] {
  return texts.map((text) => ({
    bytes: encoder.encode(text),
    role: 'payload',
    chars: text.length,
    marker: false,
  }));
}

/** Three pieces of an event stream at 10, 20 and 30 ms; headers with the first. */
export function streamed(change: Partial<Answered> = {}): Answered {
  return {
    kind: 'response',
    headersAtMs: 10,
    status: 200,
    headers: [['content-type', 'text/event-stream']],
    sse: true,
    frames: frames('one ', 'two ', 'three'),
    times: [10, 20, 30],
    end: { how: 'complete', atMs: 30 },
    ...change,
  };
}

/** The first pieces of it, and then this end at 40 ms. */
export function streamedUntil(pieces: number, how: Answered['end']['how']): Answered {
  const whole = streamed();
  return {
    ...whole,
    frames: whole.frames.slice(0, pieces),
    times: whole.times.slice(0, pieces),
    end: { how, atMs: how === 'never' ? Number.POSITIVE_INFINITY : 40 },
  };
}

/** A body at once, after 10 ms. */
export function whole(text: string, change: Partial<Answered> = {}): Answered {
  return {
    kind: 'response',
    headersAtMs: 10,
    status: 200,
    headers: [['content-type', 'application/json']],
    sse: false,
    frames: text === '' ? [] : frames(text),
    times: text === '' ? [] : [10],
    end: { how: 'complete', atMs: 10 },
    ...change,
  };
}

export const silent: Answered = streamed({
  headersAtMs: null,
  frames: [],
  times: [],
  end: { how: 'never', atMs: Number.POSITIVE_INFINITY },
});

export type Decide = (request: RawRequest, from: OpenCall | null) => Delivery;

/** What happened behind the network: one line for every start and end, and every call's number. */
export interface Behind {
  upstream: Upstream;
  log: string[];
  calls: (number | null)[];
}

export function behind(decide: Decide): Behind {
  const log: string[] = [];
  const calls: (number | null)[] = [];
  const receive = (request: RawRequest, from: OpenCall | null): Served => {
    const delivery = decide(request, from);
    calls.push(from?.call ?? null);
    let over = false;
    return {
      delivery,
      peer: { host: new URL(request.url).hostname, port: 443 },
      started: () => log.push('headers'),
      ended(how, sent) {
        if (!over) log.push(`${how} after ${sent}`);
        over = true;
      },
    };
  };
  const none = (): void => {};
  const upstream = {
    receive,
    attempts: () => calls.length,
    announce: () => null,
    closeAttempts: none,
    forget: none,
  };
  return { upstream, log, calls };
}

export const virtualTimers: Timers = alarms;

export interface Staged<T> extends Omit<Trial<T>, 'value'> {
  /** What `body` resolved to; undefined where a mistake of the harness ended it. */
  value: T;
  log: string[];
  calls: (number | null)[];
  failures: Error[];
}

/** Runs `body` on a stage. A mistake of the harness ends it, as it ends a trial. */
export async function onStage<T>(
  decide: Decide,
  body: () => T | Promise<T>,
  options: { limits?: ClientLimits; network?: Network } = {},
): Promise<Staged<T>> {
  const network = options.network ?? (await enableNetwork());
  const { upstream, log, calls } = behind(decide);
  const failures: Error[] = [];
  let over: () => void = () => {};
  const failed = new Promise<undefined>((resolve) => {
    over = () => resolve(undefined);
  });
  const { limits } = options;
  const timers = virtualTimers;
  const fail = (error: Error): void => {
    failures.push(error);
    over();
  };
  network.enter({ upstream, timers, fail, ...(limits === undefined ? {} : { limits }) });
  try {
    const trial = await onVirtualTime(() => Promise.race([body(), failed]), { realWork: true });
    return { ...trial, value: trial.value as T, log, calls, failures };
  } finally {
    network.leave();
    if (!options.network) await network.disable();
  }
}
