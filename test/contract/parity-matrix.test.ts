// Simulation equals reality for every fault: each example and variant, with every client, sees in
// virtual time what it sees over real sockets. What that is, other tests say.
import { beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { faults } from '../../harness/faults/index.ts';
import { variants } from './fault-variants.ts';
import type { Cell, Observed } from './parity-cell.ts';
import { clientNames } from './parity-clients.ts';
import type { Row } from './parity-row.ts';
import { playReally, playVirtually } from './parity-sides.ts';

/** Keys of rules that are about when and where: here it is now and everywhere. */
const whenAndWhere = new Set([
  'on',
  'from',
  'to',
  'every',
  'for',
  'chance',
  'per',
  'attempt',
  'call',
]);

/** A server that is there cannot be one that is not. */
const notThere = new Set(['refused', 'dns', 'tls']);

function rowOf(text: string): Row {
  const given: Record<string, unknown> = parse(text);
  const rule = Object.fromEntries(Object.entries(given).filter(([key]) => !whenAndWhere.has(key)));
  return { name: text, fault: { rule }, sample: 'wide', sees: {}, requests: 0 };
}

const texts = Object.values(faults)
  .flatMap(({ kind, example }) => [example, ...(variants[kind] ?? [])])
  .filter((text) => !notThere.has(parse(text).how));
const rows = [...new Set(texts)].map(rowOf);
const cells: Cell[] = rows
  .flatMap((row) => clientNames.map((client) => ({ row, client })))
  .map((pair, index) => ({ id: index + 1, ...pair }));

/** Longer than a busy machine stands still; patience, longer than three of them and the waits. */
const options = { timeoutMs: 3000, patienceMs: 13_000 };

let virtual: Observed[] = [];
let real: Observed[] = [];

beforeAll(async () => {
  virtual = await playVirtually(cells, options);
  real = await playReally(cells, options);
  // A machine that stood still makes SDKs time out: such cells get a second chance, and a third.
  for (const _chance of [2, 3]) {
    const again = cells.filter((_, index) => differences(index).length > 0);
    const seen = await playReally(again, options);
    for (const [index, cell] of again.entries())
      real[cells.indexOf(cell)] = seen[index] as Observed;
  }
}, 240_000);

function differences(index: number): string[] {
  const [one, other] = [virtual[index], real[index]] as [Observed, Observed];
  return (['seen', 'errors', 'text', 'order'] as const).flatMap((key) =>
    JSON.stringify(one[key]) === JSON.stringify(other[key])
      ? []
      : [`virtual ${JSON.stringify(one[key])}, real ${JSON.stringify(other[key])}`],
  );
}

/** What clients that ask once never bring: JSON by a schema, a load that grows. */
const neverMet = ['noop', 'ignore-schema', 'burst-limit'];

describe('clients see the same in virtual time and over real sockets', () => {
  test.each(rows)('$name', (row) => {
    const different = cells.flatMap((cell, index) =>
      cell.row === row ? differences(index).map((what) => `${cell.client}: ${what}`) : [],
    );
    expect(different).toEqual([]);
  });

  test('and real time is never ahead of virtual time', () => {
    // Where a client waits and asks again, it waits a time of its own.
    const once = cells.filter((_, index) => virtual[index]?.starts.length === 1);
    const early = once.flatMap((cell) => {
      const [simulated, measured] = [virtual, real].map(
        (side) => side[cells.indexOf(cell)]?.tookMs,
      );
      // Clocks of whole ms are off by one.
      const isEarly = (measured ?? 0) < (simulated ?? 0) - 2;
      return isEarly ? [`${cell.row.name}, ${cell.client}: ${measured}, not ${simulated} ms`] : [];
    });
    expect(early).toEqual([]);
    expect(once.length).toBeGreaterThan(cells.length / 3);
  });
});

test('every fault of the table is met by requests', () => {
  const met = new Set(
    cells.flatMap(({ row }, index) => {
      const kind: string = parse(row.name).inject;
      return virtual[index]?.order.includes(`effect ${kind}`) ? [kind] : [];
    }),
  );
  const unmet = Object.keys(faults).filter((kind) => !met.has(kind) && !neverMet.includes(kind));
  expect(unmet).toEqual([]);
});
