// However a trial over real sockets ends, nothing of it is left: no process, no port.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HarnessError } from '../../harness/errors.ts';
import { startGatewayProcess } from '../../harness/gateways/gateway-process.ts';
import type { HistoryEvent } from '../../harness/history.ts';
import { shippedTargets } from '../../harness/project.ts';
import type { RealSystem } from '../../harness/realtime/real-system.ts';
import { runRealTrial } from '../../harness/realtime/real-trial.ts';
import { parseScenario } from '../../harness/scenario/scenario.ts';
import { folderWith } from '../cli.ts';
import { isListening, processesWith } from '../gateways/left-over.ts';

const scenario = parseScenario(
  'name: x\ndescription: x\nworkload: support-desk\narrival: { rate: 20/s, for: 20s }\n',
  'x.yaml',
);
const fake = new URL('../gateways/fake-gateway.mjs', import.meta.url).pathname;

let dir: string;
/** On which the system or its providers listened. */
let ports: Set<number>;
beforeEach(() => {
  dir = folderWith();
  ports = new Set();
});
afterEach(async () => {
  expect(processesWith(dir), 'processes').toEqual([]);
  for (const port of ports) expect(await isListening(port), `port ${port}`).toBe(false);
});

interface Tried {
  error: Error;
  events: HistoryEvent[];
}

/** A system in a process of its own; `change` may replace how it starts. */
async function tried(
  how: string,
  change: Partial<RealSystem> = {},
  signal = new AbortController().signal,
): Promise<Tried> {
  const events: HistoryEvent[] = [];
  const system: RealSystem = {
    name: 'fake',
    targets: ['openai/gpt-4o'],
    limits: {},
    stream: false,
    port: 0,
    most: 1,
    async start(options) {
      ports.add(portOf(options.origin('x')));
      const running = await startGatewayProcess(options, {
        name: 'fake',
        command: (own) => [process.execPath, fake, String(own), how, dir],
        environment: {},
        secrets: {},
        healthPath: '/health',
        startMs: how === 'silent' ? 700 : 20_000,
      });
      ports.add(portOf(running.baseURL));
      return { ...running, headers: {}, model: 'x' };
    },
    ...change,
  };
  const error = await runRealTrial({
    system,
    scenario,
    trial: 1,
    seed: 1,
    targetsFiles: [shippedTargets],
    cwd: dir,
    dir,
    record: (event) => events.push(event),
    signal,
  }).then(
    () => new Error('it did not fail'),
    (reason: Error) => reason,
  );
  return { error, events };
}

function portOf(url: string): number {
  return Number(new URL(url).port);
}

describe('a trial over real sockets', () => {
  it('ends with what the system said last where that crashes in the middle', async () => {
    const { error, events } = await tried('fragile');
    expect(error).toBeInstanceOf(HarnessError);
    expect(error.message).toMatch(/^fake ended with code 7 while it was in use .* its log is /);
    expect(events.map(({ e }) => e)).toContain('call');
    expect(events.map(({ e }) => e)).not.toContain('close');
    expect(ports.size).toBe(2);
  });

  it.each([
    ['crashes', /^fake does not start: it ended with code 3 /],
    ['silent', /^fake does not start: it is not healthy after 0\.7s/],
  ])('does not begin where the system does not start: %s', async (how, message) => {
    const { error, events } = await tried(how);
    expect(error.message).toMatch(message);
    expect(events).toEqual([]);
  });

  it('does not begin where the port of its providers is taken: nothing is started', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    const { port } = other.address() as AddressInfo;
    const { error } = await tried('well', { port });
    expect(error.message).toMatch(new RegExp(`cannot be played on port ${port}: .*EADDRINUSE`));
    expect(processesWith(dir)).toEqual([]);
    await new Promise((resolve) => other.close(resolve));
  });

  it('is over at once where it is interrupted', async () => {
    const abort = new AbortController();
    const ending = tried('well', {}, abort.signal);
    while (processesWith(dir).length < 3) await new Promise((resolve) => setTimeout(resolve, 20));
    abort.abort(new Error('enough'));
    expect((await ending).error.message).toBe('enough');
  });

  it('ends where a system that nobody here started is told to have crashed', async () => {
    // It takes every question and never answers.
    const deaf = createServer();
    await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
    const { port } = deaf.address() as AddressInfo;
    const asked = new Promise<Error>((resolve) => {
      deaf.once('request', () => resolve(new HarnessError('it is gone')));
    });
    let stopped = 0;
    const { error } = await tried('', {
      start: async () => ({
        baseURL: `http://127.0.0.1:${port}/v1`,
        headers: {},
        model: 'x',
        crashed: asked,
        stop: async () => {
          stopped++;
        },
      }),
    });
    expect(error.message).toBe('it is gone');
    expect(stopped).toBe(1);
    deaf.closeAllConnections();
    await new Promise((resolve) => deaf.close(resolve));
  });
});
