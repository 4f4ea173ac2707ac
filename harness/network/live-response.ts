// Carries out a live response in real time, as a client in this process sees it. It decides
// nothing: what comes next, and when, the stream says.
import type { Ending } from '../history.ts';
import type { LiveStream, Step } from '../upstream/live.ts';
import type { Client, Timers } from './client.ts';
import type { Broken, Peer } from './client-errors.ts';
import { responseOf } from './fetched-response.ts';
import { isBodiless } from './framing.ts';

/** The response to one request. Rejects as the client does; never for a mistake of the harness. */
export function respondLive(
  live: LiveStream,
  peer: Peer,
  signal: AbortSignal | null,
  timers: Timers,
  client: Client,
): Promise<Response> {
  return new Promise((resolve, reject) => {
    const exchange = new LiveExchange(live, peer, signal, timers, client, resolve, reject);
    exchange.run().catch((error: unknown) => live.fail(error));
  });
}

class LiveExchange {
  readonly #live: LiveStream;
  readonly #peer: Peer;
  readonly #signal: AbortSignal | null;
  readonly #timers: Timers;
  readonly #client: Client;
  readonly #resolve: (response: Response) => void;
  readonly #reject: (reason: unknown) => void;
  /** Null until there are headers. */
  #body: ReadableByteStreamController | null = null;
  #timer: unknown = null;
  #isOver = false;

  constructor(
    live: LiveStream,
    peer: Peer,
    signal: AbortSignal | null,
    timers: Timers,
    client: Client,
    resolve: (response: Response) => void,
    reject: (reason: unknown) => void,
  ) {
    this.#live = live;
    this.#peer = peer;
    this.#signal = signal;
    this.#timers = timers;
    this.#client = client;
    this.#resolve = resolve;
    this.#reject = reject;
  }

  async run(): Promise<void> {
    if (this.#signal?.aborted) {
      this.#abort();
      return;
    }
    this.#signal?.addEventListener('abort', this.#abort);
    for await (const step of this.#live.steps()) {
      if (this.#isOver) return;
      this.#take(step);
      if (this.#isOver || step.do === 'silence') return;
    }
  }

  #take(step: Step): void {
    switch (step.do) {
      case 'head':
        this.#head(step);
        break;
      case 'send':
        // Memory of its own: a byte stream keeps what it is given.
        if (step.bytes.length > 0) this.#body?.enqueue(new Uint8Array(step.bytes));
        break;
      case 'end':
        this.#end(step.how);
        break;
      case 'fail':
        this.#failed(step.error);
        break;
      case 'silence':
        this.#giveUpLater();
        break;
      default:
        step satisfies never;
    }
  }

  #head({ status, headers }: Step & { do: 'head' }): void {
    const body = isBodiless(status)
      ? null
      : new ReadableStream({
          type: 'bytes',
          start: (controller) => {
            this.#body = controller;
          },
          cancel: () => this.#over('aborted'),
        });
    this.#resolve(responseOf(this.#client.url, status, body, headers));
  }

  #end(how: 'complete' | 'short' | 'reset' | 'fin'): void {
    this.#over(how);
    if (how === 'complete' || how === 'short') this.#body?.close();
    else this.#broken(how);
  }

  /** What the provider's own connection showed is what the client is shown. */
  #failed(error: unknown): void {
    this.#over(endingOf(error));
    const shown = this.#client.url === null ? causeOf(error) : error;
    if (this.#body) this.#body.error(shown);
    else this.#reject(shown);
  }

  #broken(how: Broken): void {
    if (this.#body) this.#body.error(this.#client.terminated(how, this.#peer));
    else this.#reject(this.#client.failed(how, this.#peer));
  }

  #giveUpLater(): void {
    const { headersMs, bodyMs } = this.#client.limits;
    const limitMs = this.#body ? bodyMs : headersMs;
    if (limitMs === Number.POSITIVE_INFINITY) return;
    this.#timer = this.#timers.set(() => {
      this.#over('client-timeout');
      this.#broken(this.#body ? 'body-timeout' : 'headers-timeout');
    }, limitMs);
  }

  readonly #abort = (): void => {
    if (this.#isOver) return;
    this.#over('aborted');
    const reason: unknown = this.#signal?.reason;
    if (this.#body) this.#body.error(reason);
    else this.#reject(reason);
  };

  #over(how: Ending): void {
    this.#isOver = true;
    if (this.#timer !== null) this.#timers.clear(this.#timer);
    this.#signal?.removeEventListener('abort', this.#abort);
    this.#live.over(how);
  }
}

const endings: Readonly<Record<string, Ending>> = {
  ECONNREFUSED: 'refused',
  ENOTFOUND: 'dns',
  EAI_AGAIN: 'dns',
  UND_ERR_CONNECT_TIMEOUT: 'refused',
  UND_ERR_HEADERS_TIMEOUT: 'client-timeout',
  UND_ERR_BODY_TIMEOUT: 'client-timeout',
  UND_ERR_SOCKET: 'fin',
};

/** How a real connection ended, by the error of a fetch. */
function endingOf(error: unknown): Ending {
  const cause = causeOf(error);
  const code = cause instanceof Error ? String(Reflect.get(cause, 'code')) : '';
  if (/CERT|TLS|SSL/.test(code)) return 'tls';
  return endings[code] ?? 'reset';
}

function causeOf(error: unknown): unknown {
  return error instanceof Error && error.cause !== undefined ? error.cause : error;
}
