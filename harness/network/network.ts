// The network of a worker: fetch and node:http, answered by an MSW handler behind a source of our
// own. One stable fetch per worker asks for the current trial, so that clients built before a trial
// are drilled too; without a trial every request fails closed.
import { AsyncLocalStorage } from 'node:async_hooks';
import { defineNetwork, NetworkSource } from 'msw/experimental';
import { HarnessError } from '../errors.ts';
import { parsedUrl } from '../parsed-url.ts';
import type { OpenCall } from '../upstream/answers.ts';
import type { Upstream } from '../upstream/upstream.ts';
import { limitsOf } from './dispatcher-limits.ts';
import { DrillFrame, DrillHandler, frameOf } from './drill-frame.ts';
import { LightRequest } from './light-request.ts';
import { interceptNodeHttp } from './node-http.ts';
import type { ClientLimits, Decided, Timers } from './virtual-response.ts';
import { fetchClient, respond } from './virtual-response.ts';

/** The trial that requests belong to now. */
export interface Stage {
  upstream: Upstream;
  timers: Timers;
  /** Instead of the client's own. */
  limits?: ClientLimits;
  /** A mistake of the harness or of its input: the trial ends, the chain hears nothing. */
  fail(error: Error): void;
}

export interface Network {
  enter(stage: Stage): void;
  leave(): void;
  /** Restores fetch and node:http. */
  disable(): Promise<void>;
}

/** The call that the code running now belongs to. */
export const callScope = new AsyncLocalStorage<OpenCall>();

/**
 * Replaces fetch and node:http in this thread. `stray` hears of requests that were made while no
 * trial was running: nobody answers them.
 */
export async function enableNetwork(stray: (error: Error) => void = () => {}): Promise<Network> {
  let stage: Stage | null = null;
  const source = new ClientSource((error) => (stage?.fail ?? stray)(error));
  const network = defineNetwork({
    sources: [source],
    handlers: [new DrillHandler((request) => source.decide(request, stage))],
    context: { quiet: true },
    onUnhandledFrame: 'error',
  });
  await network.enable();
  return {
    enter: (next) => {
      stage = next;
    },
    leave: () => {
      stage = null;
    },
    disable: async () => {
      await network.disable();
    },
  };
}

type Fail = (error: Error) => void;

/** Where requests of this thread come from: the global fetch, and node:http underneath others. */
class ClientSource extends NetworkSource<DrillFrame> {
  readonly #fail: (error: unknown) => void;
  readonly #real = globalThis.fetch;
  /** Frames that carry nothing now. */
  readonly #idle: DrillFrame[] = [];
  #restoreNodeHttp: () => void = () => {};

  constructor(fail: Fail) {
    super();
    this.#fail = (error) => {
      fail(error instanceof Error ? error : new Error(String(error)));
    };
  }

  override enable(): void {
    globalThis.fetch = (input, init) => this.#fetch(input, init);
    const submit = (light: LightRequest): Promise<Decided> => this.#submit(light);
    this.#restoreNodeHttp = interceptNodeHttp(submit, this.#fail);
  }

  override disable(): void {
    super.disable();
    globalThis.fetch = this.#real;
    this.#restoreNodeHttp();
  }

  /** Called by the handler. What goes wrong is left with the frame. */
  decide(request: object, stage: Stage | null): void {
    const frame = frameOf(request);
    if (!frame) return;
    try {
      frame.decided = decided(frame, stage);
    } catch (error) {
      frame.mistake = error;
    }
  }

  /** Through MSW. Never settles where the mistake is the harness's. */
  #submit(light: LightRequest): Promise<Decided> {
    return new Promise((carry) => {
      const load = { light, from: callScope.getStore() ?? null, carry };
      const frame = this.#idle.pop() ?? new DrillFrame(load, this.#fail);
      frame.take(load);
      this.queue(frame).then(() => this.#idle.push(frame), this.#fail);
    });
  }

  #fetch(input: string | URL | Request, init?: RequestInit): Promise<Response> {
    const url = parsedUrl(input instanceof Request ? input.url : String(input));
    // `data:` needs no network, and what is no URL is refused by fetch itself.
    if (!url || !isHttp(url)) return this.#real(input, init);
    const signal = signalOf(input, init);
    if (signal?.aborted) return Promise.reject(signal.reason);
    try {
      const light = input instanceof Request ? null : LightRequest.of(url, init);
      const limits = limitsOf(init);
      if (light) return this.#answer(light, signal, limits);
      const reading = this.#read(new Request(input, init), signal);
      return reading.then((read) => this.#answer(read, signal, limits));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  async #answer(
    light: LightRequest,
    signal: AbortSignal | null,
    own: ClientLimits,
  ): Promise<Response> {
    const { served, timers, limits } = await this.#submit(light);
    return respond(served, signal, timers, fetchClient(limits ?? own, light.url));
  }

  /** A body that is a stream may take long, break, or be given up. */
  #read(request: Request, signal: AbortSignal | null): Promise<LightRequest> {
    return new Promise((resolve, reject) => {
      const onAbort = (): void => reject(signal?.reason);
      signal?.addEventListener('abort', onAbort);
      LightRequest.from(request)
        .then(resolve, (error) => reject(new TypeError('fetch failed', { cause: error })))
        .finally(() => signal?.removeEventListener('abort', onAbort));
    });
  }
}

function isHttp({ protocol }: Readonly<URL>): boolean {
  return protocol === 'https:' || protocol === 'http:';
}

/** An absent or undefined signal leaves that of the request; null takes it away. */
function signalOf(input: string | URL | Request, init?: RequestInit): AbortSignal | null {
  if (init?.signal !== undefined) return init.signal;
  return input instanceof Request ? input.signal : null;
}

/** Throws HarnessError where the request cannot be answered. */
function decided({ load }: DrillFrame, stage: Stage | null): Decided {
  const { method, url, headers, body } = load.light;
  if (!stage) {
    const why = `a request to ${url} was made while no trial was running: nothing was sent`;
    throw new HarnessError(why);
  }
  const header = (name: string): string | null => headers.get(name);
  const raw = { method, url, header, headers: () => headers, body };
  const served = stage.upstream.receive(raw, load.from);
  return { served, timers: stage.timers, limits: stage.limits };
}
