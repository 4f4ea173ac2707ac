// Simulation equals reality: the table of what SDKs make of every fault, once in virtual time and
// once over real sockets with Node's own fetch, both against the same literals and each other.
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { getCACertificates, setDefaultCACertificates } from 'node:tls';
import { beforeAll, describe, expect, test } from 'vitest';
import { fetchFailed } from '../../harness/network/client-errors.ts';
import type { Cell, Observed } from './parity-cell.ts';
import { causes, cellsOf } from './parity-cell.ts';
import type { ClientName } from './parity-clients.ts';
import type { Row } from './parity-row.ts';
import { entryOf, gapsOf, requestsOf } from './parity-row.ts';
import { cutRows, inBandRows, silenceRows } from './parity-rows-body.ts';
import { formRows } from './parity-rows-forms.ts';
import { geminiRows } from './parity-rows-gemini.ts';
import { hintRows } from './parity-rows-hints.ts';
import { messagesRows } from './parity-rows-messages.ts';
import { oddRows } from './parity-rows-odd.ts';
import { connectionRows, limitRows, statusRows } from './parity-rows-status.ts';
import { playReally, playVirtually } from './parity-sides.ts';

const baseline: Row = {
  name: 'no fault',
  fault: { rule: { inject: 'noop' } },
  sees: { chat: 'all, stop', responses: 'all, completed', messages: 'all, end_turn' },
  requests: 1,
};
const rows = [
  baseline,
  ...limitRows,
  ...hintRows,
  ...statusRows,
  ...connectionRows,
  ...silenceRows,
  ...cutRows,
  ...inBandRows,
  ...formRows,
  ...oddRows,
  ...geminiRows,
  ...messagesRows,
];
const cells = cellsOf(rows);

/** Cells that differ between the two sides, and why they do: at most 2% of all. */
const explained: { row: string; client: ClientName; why: string }[] = [];

const options = { timeoutMs: 1000, patienceMs: 9000 };
/** How late a real timer may be on a busy machine; in virtual time none ever is. */
const lateMs = 400;

let virtual: Observed[] = [];
let real: Observed[] = [];

beforeAll(async () => {
  virtual = await playVirtually(cells, options);
  real = await playReally(cells, options);
  // A machine that stood still for a second makes SDKs time out: such cells get a second chance.
  const again = cells.filter((_, index) => problemsOf(index).length > 0);
  const second = await playReally(again, options);
  for (const [index, cell] of again.entries())
    real[cells.indexOf(cell)] = second[index] as Observed;
}, 90_000);

function problemsOf(index: number): string[] {
  const cell = cells[index] as Cell;
  const [one, other] = [virtual[index], real[index]] as [Observed, Observed];
  const problems = [
    ...unlikeRow(cell, one, 0).map((problem) => `virtual: ${problem}`),
    ...unlikeRow(cell, other, lateMs).map((problem) => `real: ${problem}`),
  ];
  const differences = (['seen', 'errors', 'text', 'order'] as const).filter(
    (key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]),
  );
  for (const key of differences) {
    problems.push(`virtual ${JSON.stringify(one[key])}, real ${JSON.stringify(other[key])}`);
  }
  return problems;
}

function unlikeRow({ row, client }: Cell, { seen, starts }: Observed, late: number): string[] {
  const problems: string[] = [];
  const expected = entryOf(row.sees, client);
  if (seen !== expected) problems.push(`sees "${seen}", not "${expected}"`);
  const requests = requestsOf(row, client);
  if (starts.length !== requests) problems.push(`${starts.length} requests, not ${requests}`);
  const gaps = gapsOf(row, client);
  for (const [index, start] of starts.slice(1).entries()) {
    const gap = start - (starts[index] ?? 0);
    const [from, to] = gaps[index] ?? [0, 0];
    // Clocks of whole ms are off by one.
    if (gap < from - 1 || gap > to + late) problems.push(`gap of ${gap}, not ${from}..${to} ms`);
  }
  return problems;
}

describe('clients see the same in virtual time and over real sockets', () => {
  test.each(rows)('$name', (row) => {
    const problems = cells.flatMap((cell, index) =>
      cell.row === row && !isExplained(cell)
        ? problemsOf(index).map((problem) => `${cell.client}: ${problem}`)
        : [],
    );
    expect(problems).toEqual([]);
  });

  test('every row is seen by a client, and no more cells differ than are explained', () => {
    expect(new Set(cells.map(({ row }) => row))).toEqual(new Set(rows));
    expect(cells.length).toBeGreaterThan(300);
    expect(explained.length).toBeLessThanOrEqual(cells.length * 0.02);
    const differing = cells.filter((_, index) => problemsOf(index).length > 0);
    expect(differing.filter((cell) => !isExplained(cell))).toEqual([]);
  });
});

function isExplained({ row, client }: Cell): boolean {
  return explained.some((one) => one.row === row.name && one.client === client);
}

describe('a server that is not there looks as it does to fetch', () => {
  test('when nobody listens', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    await new Promise((resolve) => server.close(resolve));
    const seen = await fetch(`http://127.0.0.1:${port}/`).catch((error: unknown) => error);
    expect(causes(fetchFailed('refused', { host: '127.0.0.1', port }))).toEqual(causes(seen));
  });

  test('when its name is unknown', async ({ skip }) => {
    const host = 'nowhere.invalid';
    const seen = await fetch(`http://${host}/`).catch((error: unknown) => error);
    const cause = seen instanceof Error ? seen.cause : null;
    skip(
      cause instanceof Error && Reflect.get(cause, 'code') !== 'ENOTFOUND',
      'this machine has no name server to say so',
    );
    expect(causes(fetchFailed('dns', { host, port: 80 }))).toEqual(causes(seen));
  });

  test('when its certificate has expired', async () => {
    // Made for this test, valid for one day of 2024, and trusted by nobody else.
    const [cert, key] = ['cert', 'key'].map((name) =>
      readFileSync(new URL(`../fixtures/expired/${name}.pem`, import.meta.url), 'utf8'),
    );
    if (!cert || !key) throw new Error('no certificate');
    const server = createSecureServer({ cert, key }).listen(0, '127.0.0.1');
    await new Promise((resolve) => server.once('listening', resolve));
    const { port } = server.address() as AddressInfo;
    const usual = getCACertificates('default');
    setDefaultCACertificates([cert]);
    try {
      const seen = await fetch(`https://127.0.0.1:${port}/`).catch((error: unknown) => error);
      expect(causes(fetchFailed('tls', { host: '127.0.0.1', port }))).toEqual(causes(seen));
    } finally {
      setDefaultCACertificates(usual);
      server.close();
    }
  });
});
