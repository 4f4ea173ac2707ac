// Both sides of every cell: virtual time and the virtual network, and real time, real sockets and
// Node's own fetch.
import { installVirtualTime } from '../../harness/clock/clock.ts';
import { alarms, elapsedMs } from '../../harness/clock/virtual-clock.ts';
import { HarnessError } from '../../harness/errors.ts';
import { openLoopback } from '../../harness/network/loopback.ts';
import { callScope, enableNetwork } from '../../harness/network/network.ts';
import type { ClientLimits } from '../../harness/network/virtual-response.ts';
import type { OpenCall } from '../../harness/upstream/answers.ts';
import type { Served, Upstream } from '../../harness/upstream/upstream.ts';
import type { RawRequest } from '../../harness/wires/wire.ts';
import type { Cell, Observed } from './parity-cell.ts';
import { CellServer, observed } from './parity-cell.ts';
import type { Heard, Wiring } from './parity-clients.ts';
import { ask } from './parity-clients.ts';

export interface SideOptions {
  /** Of the SDK; absent: its default. */
  timeoutMs?: number;
  maxRetries?: number;
  /** What is still waiting then, hangs. */
  patienceMs: number;
  /** In place of undici's own. */
  limits?: ClientLimits;
  /** The fetch of the real side; Node's own unless told. */
  fetch?: typeof fetch;
}

const cellHeader = 'x-parity-cell';
/** Between the starts of two cells in real time: a burst of them would be late for its timeouts. */
const staggerMs = 12;

/** The servers of all cells behind one upstream; the client's header says which. */
function upstreamOf(servers: Map<number, CellServer>): Upstream {
  return {
    receive(request: RawRequest, from: OpenCall | null): Served {
      const id = Number(request.header(cellHeader));
      if (from?.call !== id) throw new HarnessError(`cell ${id} was taken for ${from?.call}`);
      const server = servers.get(id);
      if (!server) throw new HarnessError(`there is no cell ${id}`);
      return server.receive(request);
    },
    attempts: () => 0,
    announce: () => null,
    closeAttempts: () => {},
    forget: () => {},
  };
}

/** Asks, and resolves with what was seen, at the latest when patience ends. */
async function play(
  cell: Cell,
  server: CellServer,
  options: SideOptions,
  wiring: Pick<Wiring, 'fetch' | 'origin'>,
): Promise<Observed> {
  const { timeoutMs, maxRetries, patienceMs } = options;
  const heard: Heard = { text: '', finish: '' };
  const asking = ask(
    cell.client,
    {
      ...wiring,
      headers: { [cellHeader]: String(cell.id) },
      ...(timeoutMs === undefined ? {} : { timeoutMs }),
      ...(maxRetries === undefined ? {} : { maxRetries }),
    },
    heard,
  );
  let timer: ReturnType<typeof setTimeout> | undefined;
  const patience = new Promise<null>((resolve) => {
    timer = setTimeout(() => resolve(null), patienceMs);
  });
  const error = await Promise.race([
    asking.then(() => undefined).catch((reason: unknown) => reason),
    patience,
  ]);
  clearTimeout(timer);
  const tookMs = server.now();
  // A turn later the server, too, knows that it is over.
  await new Promise((resolve) => setTimeout(resolve, 50));
  return observed(cell, heard, error, server, tookMs);
}

/** 2026-03-02, half past ten. */
const virtualEpochMs = Date.UTC(2026, 2, 2, 10, 30);

/** All cells at once, in one trial. */
export async function playVirtually(cells: Cell[], options: SideOptions): Promise<Observed[]> {
  const network = await enableNetwork();
  const time = installVirtualTime({ startEpochMs: virtualEpochMs, realWork: true });
  const servers = new Map(
    cells.map((cell) => [cell.id, new CellServer(cell, elapsedMs, virtualEpochMs)]),
  );
  let failure: Error | null = null;
  network.enter({
    upstream: upstreamOf(servers),
    timers: alarms,
    ...(options.limits === undefined ? {} : { limits: options.limits }),
    fail: (error) => {
      failure ??= error;
    },
  });
  try {
    const seen: (Observed | undefined)[] = [];
    const wiring = { fetch: globalThis.fetch, origin: (host: string) => `https://${host}` };
    for (const [index, cell] of cells.entries()) {
      const server = servers.get(cell.id);
      const call = { call: cell.id, sample: '' };
      const played = callScope.run(call, () => play(cell, server as CellServer, options, wiring));
      played.then((one) => {
        seen[index] = one;
      });
    }
    const isDone = (): boolean =>
      failure !== null || cells.every((_, index) => seen[index] !== undefined);
    await time.drive({ isDone, untilMs: options.patienceMs * 2 });
    if (failure) throw failure;
    return cells.map((_, index) => seen[index] as Observed);
  } finally {
    network.leave();
    time.uninstall();
    await network.disable();
  }
}

const realFetch = globalThis.fetch;

/** All cells, one soon after the other. */
export async function playReally(cells: Cell[], options: SideOptions): Promise<Observed[]> {
  const servers = new Map<number, CellServer>();
  let failure: Error | null = null;
  const loopback = await openLoopback({
    upstream: upstreamOf(servers),
    attribute: (request) => ({ call: Number(request.header(cellHeader)), sample: '' }),
    fail: (error) => {
      failure ??= error;
    },
  });
  try {
    const wiring = { fetch: options.fetch ?? realFetch, origin: loopback.origin };
    const all: Promise<Observed>[] = [];
    const start = (cell: Cell): Promise<Observed> => {
      const began = performance.now();
      const epochMs = Date.now();
      const server = new CellServer(cell, () => Math.round(performance.now() - began), epochMs);
      servers.set(cell.id, server);
      return play(cell, server, options, wiring);
    };
    // One after the other, so that a machine that is late starts fewer at a time.
    for (const cell of cells) {
      all.push(start(cell));
      await new Promise((resolve) => setTimeout(resolve, staggerMs));
    }
    const seen = await Promise.all(all);
    if (failure) throw failure;
    return seen;
  } finally {
    await loopback.close();
  }
}
