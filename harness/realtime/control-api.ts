// The control API of a server: what it plays is chosen, looked at and begun anew while it runs,
// under a path that no provider has. JSON in, JSON out.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { InputError, messageOf } from '../errors.ts';
import { textOf } from '../network/loopback.ts';
import { knownScenarios, shippedFolders, shippedIn } from '../project.ts';
import { parseYaml } from '../scenario/yaml-file.ts';
import { version } from '../version.ts';
import { refusalOf } from './control-guard.ts';
import type { LiveHistory } from './live-history.ts';
import { givenScenario, projectScenario } from './project-scenario.ts';
import type { Session } from './session.ts';
import type { WireSeen } from './wire-judge.ts';

export const controlPath = '/__firedrill/';

/** A scenario is a page; what is longer is none. */
const mostBytes = 1024 * 1024;

export interface ControlOptions {
  session: Session;
  history: LiveHistory;
  cwd: string;
  /** Where the server listens. */
  host: string;
  port(): number;
  /** What was asked and nobody plays. */
  unplayed(): { count: number; first: string | null };
}

type Handler = (
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
  query: URLSearchParams,
) => unknown;

const seed = z.number().int().min(0).optional();
const newScenario = z.strictObject({
  scenario: z.string().min(1).optional(),
  yaml: z.string().min(1).optional(),
  seed,
});
const again = z.strictObject({ seed });

/** By method and path. What a handler returns is the answer; undefined: it has answered. */
const routes: Readonly<Record<string, Handler>> = {
  'GET health': () => ({ ok: true, name: 'firedrill', version }),
  'GET scenarios': ({ cwd }) => ({
    scenarios: [...knownScenarios(cwd).keys(), ...shippedFolders().flatMap(namesIn)],
  }),
  'GET state': (options) => stateOf(options),
  'GET report': async ({ session, unplayed }) => ({
    ...reportOf(await session.report()),
    unplayed: unplayed(),
  }),
  'GET history': ({ history }, _request, response, query) => sent(history, response, query),
  'PUT scenario': begun,
  'POST scenario': begun,
  'POST reset': async (options, request) => {
    const wanted = parsedBody(await bodyOf(request), again);
    const seen = await options.session.begin(
      wanted.seed === undefined ? {} : { seed: wanted.seed },
    );
    return { ended: reportOf(seen), state: stateOf(options) };
  },
};

/** Whether the request was for it; it is answered then. */
export function controlApi(
  options: ControlOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  return (request, response) => {
    const [path = '', query = ''] = (request.url ?? '').split('?');
    if (path !== '/' && !`${path}/`.startsWith(controlPath)) return false;
    answered(options, request, response, path, new URLSearchParams(query)).catch(
      (error: unknown) => {
        const status = error instanceof InputError ? 400 : 500;
        if (!response.headersSent) said(response, status, { error: { message: messageOf(error) } });
        else response.destroy();
      },
    );
    return true;
  };
}

async function answered(
  options: ControlOptions,
  request: IncomingMessage,
  response: ServerResponse,
  path: string,
  query: URLSearchParams,
): Promise<void> {
  const refusal = refusalOf(request, options.host, options.port());
  if (refusal) {
    // What a stranger sends is not read.
    response.setHeader('connection', 'close');
    said(response, refusal.status, { error: { message: refusal.message } });
    return;
  }
  const name = path.slice(controlPath.length);
  const handler = Object.hasOwn(routes, `${request.method} ${name}`)
    ? routes[`${request.method} ${name}`]
    : undefined;
  if (handler) {
    const body = await handler(options, request, response, query);
    if (body !== undefined) said(response, 200, body);
    return;
  }
  const ways = Object.keys(routes).map((route) => route.replace(' ', ` ${controlPath}`));
  const others = ways.filter((way) => way.endsWith(` ${path}`));
  if (others.length > 0) {
    response.setHeader('allow', others.map((way) => way.split(' ')[0]).join(', '));
    const message = `${request.method} is no way to ask it: write ${others.join(' or ')}`;
    said(response, 405, { error: { message } });
  } else {
    const message = `there is no ${path} here: write one of ${ways.join(', ')}`;
    said(response, 404, { error: { message } });
  }
}

async function begun(options: ControlOptions, request: IncomingMessage): Promise<unknown> {
  const { session, cwd } = options;
  const wanted = parsedBody(await bodyOf(request), newScenario);
  const { scenario: named, yaml } = wanted;
  if ((named === undefined) === (yaml === undefined)) {
    throw new InputError('write either "scenario", a name or a file of the project, or "yaml"');
  }
  const scenario =
    named === undefined ? givenScenario(yaml ?? '', cwd) : projectScenario(named, cwd);
  const seen = await session.begin({
    scenario,
    ...(wanted.seed === undefined ? {} : { seed: wanted.seed }),
  });
  return { ended: reportOf(seen), state: stateOf(options) };
}

function stateOf({ session, unplayed }: ControlOptions): unknown {
  return { version, ...session.state(), unplayed: unplayed() };
}

function reportOf({ questions, requests, unattributed, rules }: WireSeen): object {
  const violated = rules.some(([, { status }]) => status === 'violated');
  const all = { held: !violated, questions, requests, unattributed };
  return { ...all, invariants: Object.fromEntries(rules) };
}

/** The history as it is on disk, one event a line. */
async function sent(
  history: LiveHistory,
  response: ServerResponse,
  query: URLSearchParams,
): Promise<void> {
  const since = Number(query.get('since') ?? 0);
  if (!Number.isSafeInteger(since) || since < 0) {
    throw new InputError('since: expected how many events are known already, like ?since=120');
  }
  const until = history.events;
  response.writeHead(200, {
    ...ours,
    'content-type': 'application/x-ndjson',
    'x-firedrill-events': String(until),
  });
  const lines = async function* () {
    for await (const line of history.lines(since, until)) yield `${line}\n`;
  };
  await pipeline(Readable.from(lines()), response);
}

function namesIn(folder: string): string[] {
  return shippedIn(folder).map((file) => {
    const name = file.slice(file.lastIndexOf('/') + 1).replace(/\.ya?ml$/, '');
    return `${folder}/${name}`;
  });
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const length = Number(request.headers['content-length'] ?? 0);
  const tooLong = `the body is too long: at most ${mostBytes} bytes are read`;
  if (length > mostBytes) throw new InputError(tooLong);
  return textOf(request, mostBytes).catch(() => {
    throw new InputError(tooLong);
  });
}

function parsedBody<Wanted>(text: string, schema: z.ZodType<Wanted>): Wanted {
  const given = text.trim() === '' ? '{}' : text;
  try {
    JSON.parse(given);
  } catch (error) {
    throw new InputError(`the body is no JSON: ${messageOf(error)}`);
  }
  return parseYaml(given, 'body', schema);
}

/** No page may read it, and nobody keeps it. */
const ours = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' };

function said(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { ...ours, 'content-type': 'application/json' });
  response.end(`${JSON.stringify(body)}\n`);
}
