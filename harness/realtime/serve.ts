// Providers on a port, for programs that are started by somebody else: the same requests, faults
// and history as everywhere, and a control API beside them.
import type { ServerResponse } from 'node:http';
import { HarnessError, InputError, messageOf } from '../errors.ts';
import type { Loopback } from '../network/loopback.ts';
import { openLoopback } from '../network/loopback.ts';
import { controlApi } from './control-api.ts';
import { controlPath } from './control-server.ts';
import type { LiveHistory } from './live-history.ts';
import { environment } from './provider-variables.ts';
import { refused } from './refused.ts';
import type { SessionOptions } from './session.ts';
import { Session } from './session.ts';
import type { WireSeen } from './wire-judge.ts';

export interface ServeOptions extends Omit<SessionOptions, 'history'> {
  /** Where it listens. */
  host: string;
  /** 0: a free one. */
  port: number;
  history: LiveHistory;
  /** Hears of every request that nobody plays. */
  onUnplayed(message: string): void;
}

export interface Serving {
  port: number;
  /** Of the control API, with a slash at its end. */
  control: string;
  /** Where SDKs look for their providers. */
  environment: Record<string, string>;
  /** Hangs up on everybody; what crossed the wire in all trials. */
  close(): Promise<Served>;
}

export interface Served extends WireSeen {
  unplayed: { count: number; first: string | null };
}

/** Throws InputError where the port is taken or the scenario's workload cannot be read. */
export async function serve(options: ServeOptions): Promise<Serving> {
  const { host, port, history, cwd, onUnplayed } = options;
  const session = new Session(options);
  const unplayed: Served['unplayed'] = { count: 0, first: null };
  const control = controlApi({
    session,
    history,
    cwd,
    host,
    port: () => loopback.port,
    unplayed: () => unplayed,
  });
  const loopback: Loopback = await openLoopback({
    upstream: { receive: (request, from) => session.receive(request, from) },
    // Words and headers say it: there is no scope that reaches into another process.
    attribute: () => null,
    takes: control,
    fail(error, response) {
      unplayed.count++;
      unplayed.first ??= error.message;
      onUnplayed(error.message);
      told(error, response);
    },
    host,
    port,
  }).catch((error: unknown) => {
    throw notOpen(error, host, port);
  });
  return {
    port: loopback.port,
    control: `${loopback.root}${controlPath}`,
    environment: environment(loopback.origin),
    async close() {
      // What is open when it ends was aborted by nobody.
      const seen = session.end();
      await loopback.close();
      return { ...(await seen), unplayed };
    },
  };
}

/** A status that no client asks again after, and words that nobody takes for a provider's. */
function told(error: Error, response: ServerResponse): void {
  refused(response, 404, 'firedrill_unplayed', error.message);
}

/** Why nobody can listen there. */
export function notOpen(error: unknown, host: string, port: number): Error {
  const code = error instanceof Error && 'code' in error ? error.code : null;
  if (code === 'EADDRINUSE') {
    return new InputError(
      `port ${port} of ${host} is taken: write another with --port, or --port 0 for a free one`,
    );
  }
  return new HarnessError(`cannot listen on port ${port} of ${host}: ${messageOf(error)}`);
}
