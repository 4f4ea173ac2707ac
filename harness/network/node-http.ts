// node:http and node:https, for clients that do not use fetch. Interception replaces the global
// Headers and Response and costs every fetch a third more, so it begins with the first request that
// a chain makes over node:http.
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
    interceptor.on('request', ({ initiator, request, controller }) =>
      answer(submit, request, controller, initiator)
        .catch(fail)
        .then(() => unanswered),
    );
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

interface Controller {
  respondWith(response: Response): void;
  errorWith(reason: unknown): void;
}

async function answer(
  submit: Submit,
  request: Request,
  controller: Controller,
  initiator: unknown,
): Promise<void> {
  const { signal } = request;
  const { served, timers } = await submit(await LightRequest.from(request));
  const { socket } = initiator as http.ClientRequest;
  let response: Response;
  try {
    response = await respond(served, signal, timers, clientOn(socket));
  } catch (error) {
    if (!signal.aborted) controller.errorWith(error);
    return;
  }
  if (signal.aborted) return;
  requestOn(socket, initiator as http.ClientRequest).prependOnceListener('response', () => {
    // Interception has put one in the way that tells the errors in another order than a socket.
    Reflect.deleteProperty(socket ?? {}, '_destroy');
  });
  controller.respondWith(response);
}

/** On a socket that an agent has kept, interception knows only the first request of all. */
function requestOn(socket: Socket | null, first: http.ClientRequest): http.ClientRequest {
  const current: unknown = socket && Reflect.get(socket, '_httpMessage');
  return current instanceof http.ClientRequest ? current : first;
}

/** node:http has no limits of its own. */
const unlimited = { headersMs: Number.POSITIVE_INFINITY, bodyMs: Number.POSITIVE_INFINITY };

function clientOn(socket: Socket | null): Client {
  return {
    limits: unlimited,
    failed: requestError,
    terminated: (how, peer) => {
      const error = requestError(how, peer);
      // A FIN is no error of the socket: that the answer is not whole tells by its framing.
      if (how !== 'fin') socket?.destroy(error);
      return error;
    },
  };
}
