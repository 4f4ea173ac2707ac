// Carries out a delivery in the trial's own time, as a client in this process would see it: what
// rejects, what errors in mid-body, what a signal does before and after the headers, the client's
// own limits. What it is that a client shows for a broken connection, the client says.
import type { Delivery } from '../upstream/delivery.ts';
import type { Served } from '../upstream/upstream.ts';
import type { Client, ClientLimits, Timers } from './client.ts';
import type { Broken } from './client-errors.ts';
import { fetchFailed, terminated } from './client-errors.ts';
import { responseOf } from './fetched-response.ts';
import { chunkOf, framingOf, isBodiless, wholeBody } from './framing.ts';
import { respondLive } from './live-response.ts';

export type { Client, ClientLimits, Timers };

/** Node's own fetch. */
export function fetchClient(limits: ClientLimits, url: string): Client {
  return { limits, url, failed: fetchFailed, terminated };
}

/** What becomes of a request, and how time passes for it. */
export interface Decided {
  served: Served;
  timers: Timers;
  /** Instead of the client's own. */
  limits: ClientLimits | undefined;
}

/** The response to one request. Rejects as the client does; never for a mistake of the harness. */
export function respond(
  served: Served,
  signal: AbortSignal | null,
  timers: Timers,
  client: Client,
): Promise<Response> {
  const { live, peer } = served;
  if (live) return respondLive(live, peer, signal, timers, client);
  return new Promise((resolve, reject) => {
    new Exchange(served, signal, timers, client, resolve, reject).start();
  });
}

type Answered = Delivery & { kind: 'response' };
type Ending = Parameters<Served['ended']>[0];

/** One request from the moment it was understood to the last byte, an error or an abort. */
class Exchange {
  readonly #served: Served;
  readonly #signal: AbortSignal | null;
  readonly #timers: Timers;
  readonly #client: Client;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (reason: unknown) => void;
  /** Null until there are headers. */
  #body: ReadableByteStreamController | null = null;
  #timer: unknown = null;
  /** Frames sent. */
  #sent = 0;
  /** ms since the request. */
  #now = 0;

  constructor(
    served: Served,
    signal: AbortSignal | null,
    timers: Timers,
    client: Client,
    resolve: (response: Response) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#served = served;
    this.#signal = signal;
    this.#timers = timers;
    this.#client = client;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  start(): void {
    const { delivery } = this.#served;
    if (this.#signal?.aborted) {
      this.#abort();
      return;
    }
    this.#signal?.addEventListener('abort', this.#abort);
    const { headersMs } = this.#client.limits;
    if (delivery.kind === 'broken') {
      const { how, atMs } = delivery;
      this.#wait(atMs, () => this.#fail(how, how));
    } else if (delivery.headersAtMs === null || delivery.headersAtMs > headersMs) {
      this.#wait(headersMs, () => this.#fail('client-timeout', 'headers-timeout'));
    } else if (isSwallowed(delivery)) {
      this.#wait(delivery.end.atMs, () => this.#fail('reset', 'reset'));
    } else {
      this.#now = delivery.headersAtMs;
      this.#wait(this.#now, () => this.#head(delivery));
    }
  }

  #head(delivery: Answered): void {
    const { status, headers, frames, end } = delivery;
    this.#served.started();
    let body: ReadableStream<Uint8Array> | null = null;
    if (isBodiless(status)) this.#over('complete');
    else if (end.how === 'complete' && end.atMs <= this.#now) {
      this.#sent = frames.length;
      this.#over('complete');
      body = wholeBody(delivery);
    } else {
      body = new ReadableStream({
        type: 'bytes',
        start: (controller) => {
          this.#body = controller;
        },
        cancel: () => this.#over('aborted'),
      });
    }
    this.#resolve(responseOf(this.#client.url, status, body, headers, framingOf(delivery)));
    if (this.#body) this.#step(delivery);
  }

  /** Sends what is due as one chunk, and waits for what comes next. */
  #step(delivery: Answered): void {
    const { times, end } = delivery;
    const from = this.#sent;
    while (this.#sent < times.length && (times[this.#sent] ?? 0) <= this.#now) this.#sent++;
    this.#enqueue(delivery, from, this.#sent);
    if (delivery.beat && this.#sent === times.length) {
      this.#beat(delivery, delivery.beat);
      return;
    }
    const due = times[this.#sent] ?? end.atMs;
    const { bodyMs } = this.#client.limits;
    if (due - this.#now > bodyMs) {
      this.#wait(bodyMs, () => this.#fail('client-timeout', 'body-timeout'));
    } else if (this.#sent === times.length && due <= this.#now) {
      // A FIN comes behind the bytes that were sent with it; a reset overtakes them.
      if (end.how === 'fin' && this.#sent > from) this.#wait(1, () => this.#end(delivery));
      else this.#end(delivery);
    } else {
      this.#wait(due - this.#now, () => {
        this.#now = due;
        this.#step(delivery);
      });
    }
  }

  #enqueue(delivery: Answered, from: number, to: number): void {
    if (!delivery.apart) {
      if (to > from) this.#body?.enqueue(chunkOf(delivery, from, to));
      return;
    }
    for (let i = from; i < to; i++) this.#body?.enqueue(chunkOf(delivery, i, i + 1));
  }

  /** Keepalives until somebody gives up: what a client's own limit on silence never sees. */
  #beat(delivery: Answered, beat: NonNullable<Answered['beat']>): void {
    this.#wait(beat.everyMs, () => {
      this.#now += beat.everyMs;
      this.#body?.enqueue(new Uint8Array(beat.frame.bytes));
      this.#beat(delivery, beat);
    });
  }

  #end(delivery: Answered): void {
    const { how } = delivery.end;
    if (how === 'complete' || how === 'short') {
      this.#over(how);
      this.#body?.close();
    } else if (how !== 'never') this.#fail(how, how);
  }

  #fail(ending: Ending, how: Broken): void {
    const { peer } = this.#served;
    this.#over(ending);
    if (this.#body) this.#body.error(this.#client.terminated(how, peer));
    else this.#reject(this.#client.failed(how, peer));
  }

  readonly #abort = (): void => {
    this.#over('aborted');
    const reason: unknown = this.#signal?.reason;
    if (this.#body) this.#body.error(reason);
    else this.#reject(reason);
  };

  #over(how: Ending): void {
    this.#timers.clear(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#served.ended(how, this.#sent);
  }

  #wait(ms: number, run: () => void): void {
    if (ms !== Number.POSITIVE_INFINITY) this.#timer = this.#timers.set(run, ms);
  }
}

/** Headers and bytes written together with a reset are never seen: only the reset is. */
function isSwallowed(delivery: Answered): boolean {
  return delivery.end.how === 'reset' && delivery.end.atMs === delivery.headersAtMs;
}
