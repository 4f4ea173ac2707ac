// A recording proxy on a port of this machine: an app asks it as it would ask its providers, each
// request goes on to the one that is meant, and what comes back is kept. It injects nothing, and it
// never asks by itself.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { HarnessError } from '../errors.ts';
import type { Loopback } from '../network/loopback.ts';
import { bytesOf, openLoopback } from '../network/loopback.ts';
import { strangerOf } from '../realtime/control-guard.ts';
import { controlPath } from '../realtime/control-server.ts';
import { refused } from '../realtime/refused.ts';
import { notOpen } from '../realtime/serve.ts';
import { headersOf, passOn } from './proxied-exchange.ts';
import { proxyControl } from './proxy-control.ts';
import type { Upstream, Upstreams } from './proxy-upstreams.ts';
import type { Traffic } from './traffic.ts';

export interface RecordingProxyOptions {
  /** Where it listens. */
  host: string;
  /** 0: a free one. */
  port: number;
  upstreams: Upstreams;
  traffic: Traffic;
  nowMs: () => number;
  /** Hears of what the app is refused, and of what cannot be reached. */
  onTrouble(message: string): void;
}

export interface RecordingProxy {
  /** Of the control API, with a slash at its end. */
  control: string;
  /** What to use in place of `https://HOST`. */
  origin(host: string): string;
  /** Resolves where nothing can be kept any more. */
  failed: Promise<unknown>;
  /** Takes nothing further; resolves when what is under way has ended. */
  drain(): Promise<void>;
  /** Hangs up on everybody. */
  close(): Promise<void>;
}

/** Rejects with InputError where the port is taken. */
export async function openRecordingProxy(options: RecordingProxyOptions): Promise<RecordingProxy> {
  const { host, port, traffic } = options;
  const { promise: failed, resolve: fail } = Promise.withResolvers<unknown>();
  const running = new Set<Promise<void>>();
  let isEnding = false;
  const control = proxyControl({ traffic, host, port: () => loopback.port });
  const loopback: Loopback = await openLoopback({
    upstream: {
      receive: () => {
        throw new HarnessError('a recording proxy plays nobody');
      },
    },
    attribute: () => null,
    fail,
    takes(request, response) {
      if (control(request, response)) return true;
      if (isEnding) {
        response.setHeader('connection', 'close');
        refused(response, 503, 'firedrill_ending', 'the recording proxy is ending');
        return true;
      }
      const one = taken(options, loopback.port, request, response).catch(fail);
      running.add(one);
      one.finally(() => running.delete(one));
      return true;
    },
    host,
    port,
  }).catch((error: unknown) => {
    throw notOpen(error, host, port);
  });
  return {
    control: `${loopback.root}${controlPath}`,
    origin: (name) => loopback.origin(name),
    failed,
    async drain() {
      isEnding = true;
      await Promise.all(running);
    },
    close: () => loopback.close(),
  };
}

async function taken(
  options: RecordingProxyOptions,
  port: number,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const { host, upstreams, traffic, onTrouble } = options;
  const stranger = strangerOf(request, host, port);
  if (stranger) {
    response.setHeader('connection', 'close');
    refused(response, stranger.status, 'firedrill_stranger', stranger.message);
    return;
  }
  const upstream = upstreams(request.url ?? '/');
  if (typeof upstream === 'string') {
    const why = traffic.unknown(upstream);
    onTrouble(why);
    response.setHeader('connection', 'close');
    refused(response, 404, 'firedrill_unknown_host', why);
    return;
  }
  // An app that hangs up while it sends has made no request.
  const body = await bytesOf(request).catch(() => null);
  if (body !== null) await exchanged(options, upstream, request, body, response);
}

async function exchanged(
  { traffic, nowMs, onTrouble }: RecordingProxyOptions,
  upstream: Upstream,
  request: IncomingMessage,
  body: Buffer<ArrayBuffer>,
  response: ServerResponse,
): Promise<void> {
  const { method = 'GET', url = '/' } = request;
  const headers = headersOf(request);
  const passage = traffic.begin({ method, url: `https:/${url}`, headers, body }, upstream);
  if (passage.known) {
    const { status, headers: own, body: known } = passage.known;
    for (const [name, value] of own) response.appendHeader(name, value);
    response.writeHead(status).end(known);
    return;
  }
  if (passage.refusal !== null) {
    onTrouble(passage.refusal);
    refused(response, 402, 'firedrill_limit', passage.refusal);
    return;
  }
  const onward = { method, url: upstream.url, headers, body };
  const ended = await passOn(onward, response, nowMs, (captured) => passage.keep(captured));
  if (ended.how === 'whole') return;
  passage.lost(ended.how);
  if (ended.how === 'unreached') {
    onTrouble(passage.masked(`${upstream.host} cannot be reached: ${ended.why}`));
  }
}
