// The control API of a server on a port, whatever it serves: routes under a path that no provider
// has, for programs of this machine only. JSON in, JSON out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { z } from 'zod';
import { InputError, messageOf } from '../errors.ts';
import { textOf } from '../network/loopback.ts';
import { parseYaml } from '../scenario/yaml-file.ts';
import { refusalOf } from './control-guard.ts';

export const controlPath = '/__firedrill/';

/** A scenario is a page; what is longer is none. */
const mostBytes = 1024 * 1024;

/** What it returns is the answer; undefined: it has answered. */
type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
) => unknown;

/** By method and name: `GET health`. */
export type Routes = Readonly<Record<string, Handler>>;

export interface ControlServer {
  routes: Routes;
  /** Where the server listens. */
  host: string;
  port(): number;
}

/** Is thrown by a route that there is no use of now: 409. */
export class NotNow extends Error {
  override readonly name = 'NotNow';
}

/** Whether the request was for it; it is answered then. */
export function controlServer(
  server: ControlServer,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    if (path !== '/' && !`${path}/`.startsWith(controlPath)) return false;
    answered(server, request, response, path, new URLSearchParams(query)).catch(
      (error: unknown) => {
        const status = error instanceof InputError ? 400 : error instanceof NotNow ? 409 : 500;
        if (response.headersSent) response.destroy();
        else sayJson(response, status, { error: { message: messageOf(error) } });
      },
    );
    return true;
  };
}

async function answered(
  { routes, host, port }: ControlServer,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const refusal = refusalOf(request, host, port());
  if (refusal) {
    // What a stranger sends is not read.
    response.setHeader('connection', 'close');
    sayJson(response, refusal.status, { error: { message: refusal.message } });
    return;
  }
  const name = `${request.method} ${path.slice(controlPath.length)}`;
  const handler = Object.hasOwn(routes, name) ? routes[name] : undefined;
  if (handler) {
    const body = await handler(request, response, query);
    if (body !== undefined) sayJson(response, 200, body);
    return;
  }
  const ways = Object.keys(routes).map((route) => route.replace(' ', ` ${controlPath}`));
  const others = ways.filter((way) => way.endsWith(` ${path}`));
  if (others.length > 0) {
    response.setHeader('allow', others.map((way) => way.split(' ')[0]).join(', '));
    const message = `${request.method} is no way to ask it: write ${others.join(' or ')}`;
    sayJson(response, 405, { error: { message } });
  } else {
    const message = `there is no ${path} here: write one of ${ways.join(', ')}`;
    sayJson(response, 404, { error: { message } });
  }
}

/** Throws InputError for a body that is too long, no JSON, or not of the schema. */
export async function bodyOf<Wanted>(
  request: IncomingMessage,
  schema: z.ZodType<Wanted>,
): Promise<Wanted> {
  const length = Number(request.headers['content-length'] ?? 0);
  const tooLong = `the body is too long: at most ${mostBytes} bytes are read`;
  if (length > mostBytes) throw new InputError(tooLong);
  const text = await textOf(request, mostBytes).catch(() => {
    throw new InputError(tooLong);
  });
  const given = text.trim() === '' ? '{}' : text;
  try {
    JSON.parse(given);
  } catch (error) {
    throw new InputError(`the body is no JSON: ${messageOf(error)}`);
  }
  return parseYaml(given, 'body', schema);
}

/** No page may read it, and nobody keeps it. */
export const ours = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

export function sayJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...ours, 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
