// The same bytes in other reads: no client of any wire may notice, wherever the cuts fall.
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cell, Observed } from './parity-cell.ts';
import { wideText } from './parity-cell.ts';
import type { ClientName } from './parity-clients.ts';
import { clientNames } from './parity-clients.ts';
import type { Row } from './parity-row.ts';
import { playVirtually } from './parity-sides.ts';

const options = { timeoutMs: 60_000, patienceMs: 90_000 };

async function seenWith(rule: Record<string, unknown>): Promise<Map<ClientName, Observed>> {
  const row: Row = { name: '', fault: { rule }, sample: 'wide', sees: {}, requests: 1 };
  const cells = clientNames.map((client, index): Cell => ({ id: index + 1, row, client }));
  const seen = await playVirtually(cells, options);
  return new Map(clientNames.map((client, index) => [client, seen[index] as Observed]));
}

const readings = fc.oneof(
  fc.record({ bytes: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ bytes: fc.integer({ min: 13, max: 20_000 }) }),
  fc.record({ events: fc.integer({ min: 1, max: 80 }) }),
);

test('every client gets the same text and the same end from the same bytes', async () => {
  const whole = await seenWith({ inject: 'noop' });
  for (const [client, { text }] of whole) {
    if (client !== 'embeddings whole') expect([client, text]).toEqual([client, wideText]);
  }
  expect(whole.size).toBe(clientNames.length);
  await fc.assert(
    fc.asyncProperty(readings, async (reading) => {
      const seen = await seenWith({ inject: 'rechunk', ...reading });
      for (const [client, { text, seen: how, order }] of seen) {
        const expected = whole.get(client);
        expect([client, text, how]).toEqual([client, expected?.text, expected?.seen]);
        const fires = 'bytes' in reading || !client.endsWith('whole');
        expect(order.filter((line) => line === 'effect rechunk')).toHaveLength(fires ? 1 : 0);
        expect(order.at(-1)).toBe(expected?.order.at(-1));
      }
    }),
    { numRuns: 40, examples: [[{ bytes: 1 }], [{ bytes: 2 }], [{ bytes: 3 }], [{ events: 2 }]] },
  );
});
