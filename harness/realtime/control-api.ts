// The control API of played providers: what is played is chosen, looked at and begun anew while the
// server runs.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { knownScenarios, shippedFolders, shippedIn } from '../project.ts';
import { version } from '../version.ts';
import type { Routes } from './control-server.ts';
import { bodyOf, controlServer, ours } from './control-server.ts';
import type { LiveHistory } from './live-history.ts';
import { givenScenario, projectScenario } from './project-scenario.ts';
import type { Session } from './session.ts';
import type { WireSeen } from './wire-judge.ts';

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

const seed = z.number().int().min(0).optional();
const newScenario = z.strictObject({
  scenario: z.string().min(1).optional(),
  yaml: z.string().min(1).optional(),
  seed,
});
const again = z.strictObject({ seed });

/** Whether the request was for it; it is answered then. */
export function controlApi(
  options: ControlOptions,
): (request: IncomingMessage, response: ServerResponse) => boolean {
  const { session, history, cwd, host, port, unplayed } = options;
  const begins = (request: IncomingMessage): Promise<unknown> => begun(options, request);
  const routes: Routes = {
    'GET health': () => ({ ok: true, name: 'firedrill', version }),
    'GET scenarios': () => ({
      scenarios: [...knownScenarios(cwd).keys(), ...shippedFolders().flatMap(namesIn)],
    }),
    'GET state': () => stateOf(options),
    'GET report': async () => ({ ...reportOf(await session.report()), unplayed: unplayed() }),
    'GET history': (_request, response, query) => sent(history, response, query),
    'PUT scenario': begins,
    'POST scenario': begins,
    'POST reset': async (request) => {
      const wanted = await bodyOf(request, again);
      const seen = await session.begin(wanted.seed === undefined ? {} : { seed: wanted.seed });
      return { ended: reportOf(seen), state: stateOf(options) };
    },
  };
  return controlServer({ routes, host, port });
}

async function begun(options: ControlOptions, request: IncomingMessage): Promise<unknown> {
  const { session, cwd } = options;
  const wanted = await bodyOf(request, newScenario);
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
