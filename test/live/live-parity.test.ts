// Faults over real traffic look to the official SDKs as they do in every other drill: the same
// table as for virtual time and real sockets, over a provider that nobody here wrote.
import { describe, expect, test } from 'vitest';
import type { Cell } from '../contract/parity-cell.ts';
import { CellServer, cellsOf, observed, plainText } from '../contract/parity-cell.ts';
import type { Heard } from '../contract/parity-clients.ts';
import { ask } from '../contract/parity-clients.ts';
import type { Row } from '../contract/parity-row.ts';
import { entryOf } from '../contract/parity-row.ts';
import { cutRows, inBandRows, silenceRows } from '../contract/parity-rows-body.ts';
import { provider } from './providers.ts';
import { liveStage } from './stage.ts';

const baseline: Row = {
  name: 'no fault',
  fault: { rule: { inject: 'noop' } },
  sees: { chat: 'all, stop', responses: 'all, completed', messages: 'all, end_turn' },
  requests: 1,
};
const rows = [baseline, ...silenceRows, ...cutRows, ...inBandRows].filter(
  ({ fault, sample }) => 'rule' in fault && sample === undefined,
);
const cells = cellsOf(rows).filter(({ client }) => !client.startsWith('gemini'));

const patienceMs = 900;

async function seenLive({ row, client, id }: Cell): Promise<string> {
  const mock = await provider({ chunkSize: 8, latency: 3 });
  mock.reset();
  mock.onMessage(/.*/s, { content: plainText });
  const { host } = new URL(mock.url);
  const hosts = { [host]: client.startsWith('messages') ? 'anthropic' : 'openai' };
  const rules = 'rule' in row.fault ? [row.fault.rule] : [];
  const stage = await liveStage({ hosts, rules });
  const heard: Heard = { text: '', finish: '' };
  const wiring = {
    fetch: globalThis.fetch,
    origin: () => mock.url,
    headers: {},
    timeoutMs: 500,
    maxRetries: 0,
  };
  const asking = stage
    .within(() => ask(client, wiring, heard))
    .then(
      () => undefined,
      (error: unknown) => error,
    );
  const late = new Promise<null>((resolve) => setTimeout(() => resolve(null), patienceMs));
  const error = await Promise.race([asking, late]);
  expect(stage.failures).toEqual([]);
  const none = new CellServer({ row, client, id }, () => 0, 0);
  return observed({ row, client, id }, heard, error, none, 0).seen;
}

describe('a fault over real traffic', () => {
  const table = cells.map((cell): [string, string, Cell] => [cell.row.name, cell.client, cell]);
  test.each(table)('%s: %s sees what the table says', async (_row, client, cell) => {
    expect(await seenLive(cell)).toBe(entryOf(cell.row.sees, client as Cell['client']));
  });
});
