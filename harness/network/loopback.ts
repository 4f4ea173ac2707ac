// Carries out deliveries over real sockets on 127.0.0.1, for chains in other processes and for the
// tests that hold the virtual network to reality. It really resets, stalls and cuts. The first
// segment of a path is the host that is meant: /api.openai.com/v1/chat/completions. A server that
// is there cannot be one that is not: refused, unknown and badly signed hosts show as a reset.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isIPv6 } from 'node:net';
import { HarnessError } from '../errors.ts';
import type { OpenCall } from '../upstream/answers.ts';
import type { Delivery } from '../upstream/delivery.ts';
import type { Served, Upstream } from '../upstream/upstream.ts';
import { phraseOf } from '../wires/gateway.ts';
import type { RawRequest } from '../wires/wire.ts';
import { framingOf } from './framing.ts';

export interface LoopbackOptions {
  upstream: Pick<Upstream, 'receive'>;
  /** Which call a request belongs to; null where it cannot be told. */
  attribute(request: RawRequest): OpenCall | null;
  /** A mistake of the harness or its input. The client has no answer, unless it is given one. */
  fail(error: Error, response: ServerResponse): void;
  /** Whether a request is for no provider, and has been taken. */
  takes?(request: IncomingMessage, response: ServerResponse): boolean;
  port?: number;
  /** Where it listens; 127.0.0.1 where nothing is said. */
  host?: string;
}

export interface Loopback {
  port: number;
  /** Its own address, as in `http://127.0.0.1:8787`. */
  root: string;
  /** What to use in place of `https://HOST`. */
  origin(host: string): string;
  close(): Promise<void>;
}

type Answered = Delivery & { kind: 'response' };

/** A reset overtakes bytes that its receiver has not read yet: so much time they get, ms. */
const graceMs = 10;
/** More than any provider takes; what is longer is hung up on. */
const mostBytes = 64 * 1024 * 1024;

export async function openLoopback(options: LoopbackOptions): Promise<Loopback> {
  const server = createServer((request, response) => {
    if (options.takes?.(request, response)) return;
    receive(options, request, response).catch((error: unknown) => {
      const mistake = error instanceof Error ? error : new HarnessError(String(error));
      options.fail(mistake, response);
    });
  });
  // What takes long is a fault at work, never the server giving up by itself.
  server.requestTimeout = 0;
  server.headersTimeout = 0;
  server.keepAliveTimeout = 0;
  const { host = '127.0.0.1' } = options;
  await listening(server, options.port ?? 0, host);
  const { port } = server.address() as AddressInfo;
  const root = `http://${reachedAt(host)}:${port}`;
  return {
    port,
    root,
    origin: (provider) => `${root}/${provider}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** Who listens everywhere is found here, too. */
function reachedAt(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return isIPv6(host) ? `[${host}]` : host;
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => resolve());
  });
}

async function receive(
  options: LoopbackOptions,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  // A client that hangs up while it sends has made no request.
  const body = await textOf(request, mostBytes).catch(() => null);
  if (body === null) return;
  const raw: RawRequest = {
    method: request.method ?? 'GET',
    url: `https:/${request.url ?? '/'}`,
    header: (name) => {
      const value = request.headers[name.toLowerCase()];
      return Array.isArray(value) ? value.join(', ') : (value ?? null);
    },
    headers: () => Object.entries(request.headers).map(([name, value]) => [name, String(value)]),
    body,
  };
  const served = options.upstream.receive(raw, options.attribute(raw));
  new SocketDelivery(served, response).start();
}

/** Rejects, and hangs up, where it is longer. */
export async function textOf(request: IncomingMessage, most: number): Promise<string> {
  return (await bytesOf(request, most)).toString('utf8');
}

/** Rejects, and hangs up, where there are more. */
export async function bytesOf(
  request: IncomingMessage,
  most = mostBytes,
): Promise<Buffer<ArrayBuffer>> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += (part as Buffer).length;
    if (bytes > most) throw new RangeError(`more than ${most} bytes`);
    parts.push(part as Buffer);
  }
  return Buffer.concat(parts);
}

/** One response in real time. */
class SocketDelivery {
  readonly #served: Served;
  readonly #response: ServerResponse;
  readonly #began = performance.now();
  /** When each frame really went out, ms since the request. */
  readonly #times: number[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(served: Served, response: ServerResponse) {
    this.#served = served;
    this.#response = response;
  }

  start(): void {
    const { delivery } = this.#served;
    this.#response.on('close', () => {
      clearTimeout(this.#timer);
      this.#over('aborted');
    });
    if (delivery.kind === 'broken') {
      this.#at(delivery.atMs, () => {
        this.#over(delivery.how);
        this.#hangUp(delivery.how === 'fin' ? 'fin' : 'reset');
      });
    } else if (delivery.headersAtMs !== null) {
      const { headersAtMs, end } = delivery;
      this.#at(headersAtMs, (now) => {
        // What is written together with a reset is never seen: it need not be written.
        if (end.how === 'reset' && end.atMs === headersAtMs) {
          this.#end('reset');
          return;
        }
        this.#head(delivery);
        this.#step(delivery, now);
      });
    }
  }

  /** `run` gets the ms since the request. */
  #at(ms: number, run: (now: number) => void): void {
    const elapsed = (): number => performance.now() - this.#began;
    this.#timer = setTimeout(() => run(Math.max(ms, elapsed())), Math.max(0, ms - elapsed()));
  }

  #head(delivery: Answered): void {
    for (const [name, value] of [...delivery.headers, ...framingOf(delivery)]) {
      this.#response.appendHeader(name, value);
    }
    this.#response.writeHead(delivery.status, phraseOf(delivery.status));
    this.#served.started();
  }

  /** Sends what is due, its headers with it, in one piece; then waits for what comes next. */
  #step(delivery: Answered, now: number): void {
    const { frames, times, end } = delivery;
    const { socket } = this.#response;
    socket?.cork();
    while (this.#times.length < frames.length && (times[this.#times.length] ?? 0) <= now) {
      this.#response.write(frames[this.#times.length]?.bytes);
      this.#times.push(Math.round(now));
    }
    const rest = frames.length - this.#times.length;
    const ends = rest === 0 && end.atMs <= now;
    if (ends && (end.how === 'complete' || end.how === 'short')) this.#end(end.how);
    else if (this.#times.length === 0) this.#response.flushHeaders();
    socket?.uncork();
    if (this.#response.writableEnded) return;
    if (rest > 0) {
      this.#at(times[this.#times.length] ?? 0, (then) => this.#step(delivery, then));
    } else if (end.how === 'reset') {
      this.#at(Math.max(end.atMs, now + graceMs), () => this.#end('reset'));
    } else if (delivery.beat) {
      this.#beat(delivery.beat, now);
    } else if (end.how !== 'never') {
      this.#at(end.atMs, () => this.#end(end.how));
    }
  }

  #beat(beat: NonNullable<Answered['beat']>, now: number): void {
    this.#at(now + beat.everyMs, (then) => {
      this.#response.write(beat.frame.bytes);
      this.#beat(beat, then);
    });
  }

  #end(how: Answered['end']['how']): void {
    switch (how) {
      case 'complete':
      case 'short':
        this.#over(how);
        this.#response.end();
        break;
      case 'reset':
      case 'fin':
        this.#over(how);
        this.#hangUp(how);
        break;
      case 'never':
        break;
      default:
        how satisfies never;
    }
  }

  #hangUp(how: 'reset' | 'fin'): void {
    const { socket } = this.#response;
    if (how === 'fin') socket?.end();
    else socket?.resetAndDestroy();
  }

  #over(how: Parameters<Served['ended']>[0]): void {
    this.#served.ended(how, this.#times.length, this.#times);
  }
}
