// The control API of a recording proxy: what came of the traffic so far. There is no scenario to
// choose: nothing is injected.
import type { IncomingMessage, ServerResponse } from 'node:http';
import { z } from 'zod';
import { bodyOf, controlServer, NotNow } from '../realtime/control-server.ts';
import { version } from '../version.ts';
import type { Traffic } from './traffic.ts';

export interface ProxyControlOptions {
  traffic: Traffic;
  /** Where the server listens. */
  host: string;
  port(): number;
}

const noScenario =
  'this server records what passes and injects no fault: start firedrill serve without --record to play a scenario';

/** Whether the request was for it; it is answered then. */
export function proxyControl({
  traffic,
  host,
  port,
}: ProxyControlOptions): (request: IncomingMessage, response: ServerResponse) => boolean {
  const state = () => ({ version, mode: 'record', ...traffic.state() });
  const none = (): never => {
    throw new NotNow(noScenario);
  };
  const routes = {
    'GET health': () => ({ ok: true, name: 'firedrill', version }),
    'GET state': state,
    'GET report': state,
    'GET scenarios': none,
    'PUT scenario': none,
    'POST scenario': none,
    'GET history': () => {
      throw new NotNow('a server that records keeps no history: what passes is in the recordings');
    },
    'POST reset': async (request: IncomingMessage) => {
      await bodyOf(request, z.strictObject({}));
      const ended = state();
      traffic.reset();
      return { ended, state: state() };
    },
  };
  return controlServer({ routes, host, port });
}
