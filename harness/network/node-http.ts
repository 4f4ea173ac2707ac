// node:http and node:https, for clients that do not use fetch. Interception replaces the global
// Headers and Response and costs every fetch a third more, so it begins with the first request that
// a chain makes over node:http.
import { AsyncLocalStorage } from 'node:async_hooks';
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import type { Socket } from 'node:net';
import { ClientRequestInterceptor } from '@mswjs/interceptors/ClientRequest';
import { Patches } from '../clock/patches.ts';
import { requestError } from './client-errors.ts';
import { LightRequest } from './light-request.ts';
import type { Client, Decided } from './virtual-response.ts';
import { respond } from './virtual-response.ts';

/** Decides for a request; never settles where the mistake is the harness's. */
export type Submit = (request: LightRequest) => Promise<Decided>;

/** Answers what this thread asks over node:http through `submit`. Returns the way back. */
export function interceptNodeHttp(submit: Submit, fail: (error: unknown) => void): () => void {
  const interceptor = new ClientRequestInterceptor();
  const patches = new Patches();
  let applied = false;
  const apply = (): void => {
    if (applied) return;
    applied = true;
    patches.restore();
    interceptor.apply();
    interceptor.on('request', ({ request, controller }) =>
      answer(submit, request, controller)
        .catch(fail)
        .then(() => unanswered),
    );
    patchWriting(patches);
    syncBuiltinESMExports();
  };
  for (const module of [http, https]) {
    for (const name of ['request', 'get'] as const) {
      patches.set(module, name, (...args: Parameters<typeof http.request>) => {
        apply();
        return module[name](...args);
      });
    }
  }
  patches.set(http, 'ClientRequest', constructing(http.ClientRequest, apply));
  patches.publish();
  return () => {
    patches.restore();
    interceptor.dispose();
    syncBuiltinESMExports();
  };
}

/** A handler that returned would let the request out. */
const unanswered = new Promise<never>(() => {});

function constructing(
  original: typeof http.ClientRequest,
  before: () => void,
): typeof http.ClientRequest {
  return new Proxy(original, {
    construct: (_target, args) => {
      before();
      return Reflect.construct(http.ClientRequest, args);
    },
  });
}

/**
 * The request whose bytes are being written. Interception names the one at the beginning of a row
 * of requests, of which each was made in a callback of the one before, or the first of all that an
 * agent's socket has carried.
 */
const writing = new AsyncLocalStorage<http.ClientRequest>();

type Write = (this: http.ClientRequest, ...args: unknown[]) => unknown;

/** The two ways in which bytes of a request come to its socket. */
function patchWriting(patches: Patches): void {
  const prototype = http.ClientRequest.prototype as unknown as Record<string, Write>;
  for (const name of ['_writeRaw', '_flushOutput']) {
    const original = prototype[name];
    if (!original) throw new Error(`node:http has no ${name} any more`);
    patches.set(prototype, name, function (this: http.ClientRequest, ...args: unknown[]) {
      return writing.run(this, () => {
        if (this.socket) tellInContext(this.socket);
        return original.apply(this, args);
      });
    });
  }
}

interface Controller {
  respondWith(response: Response): void;
  errorWith(reason: unknown): void;
}

async function answer(submit: Submit, request: Request, controller: Controller): Promise<void> {
  const { signal } = request;
  const client = writing.getStore();
  if (!client) throw new Error('a request over node:http that no client has written');
  const { socket } = client;
  const { served, timers } = await submit(await LightRequest.from(request));
  let response: Response;
  try {
    response = await respond(served, signal, timers, clientOn(socket));
  } catch (error) {
    if (!signal.aborted) controller.errorWith(error);
    return;
  }
  if (signal.aborted) return;
  client.prependOnceListener('response', () => {
    // Interception has put one in the way that tells the errors in another order than a socket.
    Reflect.deleteProperty(socket ?? {}, '_destroy');
  });
  controller.respondWith(response);
}

type InContext = ReturnType<typeof AsyncLocalStorage.snapshot>;

const contexts = new WeakMap<Socket, InContext>();

/**
 * What breaks, breaks in an alarm, and a kept connection closes in the context of its first
 * request: the client is to hear of it where it asked, or its retry belongs to another call.
 */
function tellInContext(socket: Socket): void {
  if (!contexts.has(socket)) {
    const emit: (event: string, ...values: unknown[]) => boolean = socket.emit.bind(socket);
    socket.emit = (event: string, ...values: unknown[]): boolean =>
      contexts.get(socket)?.(emit, event, ...values) ?? false;
  }
  contexts.set(socket, AsyncLocalStorage.snapshot());
}

/** node:http has no limits of its own. */
const unlimited = { headersMs: Number.POSITIVE_INFINITY, bodyMs: Number.POSITIVE_INFINITY };

function clientOn(socket: Socket | null): Client {
  return {
    limits: unlimited,
    url: null,
    failed: requestError,
    terminated: (how, peer) => {
      const error = requestError(how, peer);
      // A FIN is no error of the socket: that the answer is not whole tells by its framing.
      if (how !== 'fin') socket?.destroy(error);
      return error;
    },
  };
}
