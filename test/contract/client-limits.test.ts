// undici gives up by itself: 300 s without headers, 300 s without a byte of the body. With limits
// of 2 s both sides do it in every run; the full length runs in virtual time, against what was once
// measured over real sockets (FIREDRILL_LONG=1 measures again, which takes ten minutes).
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { Agent, fetch as undiciFetch } from 'undici';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Cell, Observed } from './parity-cell.ts';
import { cellsOf } from './parity-cell.ts';
import type { Row } from './parity-row.ts';
import { entryOf, requestsOf } from './parity-row.ts';
import { playReally, playVirtually } from './parity-sides.ts';

const rows: Row[] = [
  {
    name: 'no headers',
    fault: { rule: { inject: 'stall' } },
    sees: {
      'chat whole': 'APIConnectionTimeoutError <- UND_ERR_HEADERS_TIMEOUT',
      'chat stream': 'APIConnectionTimeoutError <- UND_ERR_HEADERS_TIMEOUT',
      'messages whole': 'APIConnectionTimeoutError',
      'messages stream': 'APIConnectionTimeoutError',
    },
    requests: 2,
  },
  {
    name: 'headers, then silence',
    fault: { rule: { inject: 'stall', at: 'first-event' } },
    sees: {
      'chat whole': 'TypeError <- UND_ERR_BODY_TIMEOUT',
      'chat stream': 'TypeError <- UND_ERR_BODY_TIMEOUT',
      'chat helper': 'OpenAIError <- UND_ERR_BODY_TIMEOUT',
      'messages whole': 'TypeError <- UND_ERR_BODY_TIMEOUT',
      'messages stream': 'TypeError <- UND_ERR_BODY_TIMEOUT',
      'messages helper': 'AnthropicError <- UND_ERR_BODY_TIMEOUT',
    },
    requests: 1,
  },
  {
    name: 'text, then silence',
    fault: { rule: { inject: 'stall', at: '3 tokens' } },
    sees: {
      'chat stream': 'TypeError <- UND_ERR_BODY_TIMEOUT after part',
      'responses stream': 'TypeError <- UND_ERR_BODY_TIMEOUT after part',
      'messages stream': 'TypeError <- UND_ERR_BODY_TIMEOUT after part',
    },
    requests: 1,
  },
];
const cells = cellsOf(rows);

/** The SDKs' own timeouts are their defaults, 600 s; one retry. */
const options = { maxRetries: 1, patienceMs: 700_000 };

function lineOf({ row, client }: Cell, { seen, starts, tookMs }: Observed): string {
  const seconds = (tookMs / 1000).toFixed(1);
  return [row.name, client, seen, `${starts.length} requests`, `${seconds} s`].join(' | ');
}

describe('with limits of 2 s', () => {
  let virtual: Observed[] = [];
  let real: Observed[] = [];

  beforeAll(async () => {
    const limits = { headersMs: 2000, bodyMs: 2000 };
    virtual = await playVirtually(cells, { ...options, limits });
    const dispatcher = new Agent({ headersTimeout: 2000, bodyTimeout: 2000 });
    // The package's types are of another version than Node's, and mean the same.
    const fetchWithLimits = (input: string, init: object): unknown =>
      undiciFetch(input, { ...init, dispatcher });
    real = await playReally(cells, { ...options, fetch: fetchWithLimits as typeof fetch });
    await dispatcher.close();
  }, 30_000);

  test.each(rows)('$name: both sides give up alike', (row) => {
    for (const [index, cell] of cells.entries()) {
      if (cell.row !== row) continue;
      const [one, other] = [virtual[index], real[index]];
      expect(one?.seen, cell.client).toBe(entryOf(row.sees, cell.client));
      expect(one?.starts.length, cell.client).toBe(requestsOf(row, cell.client));
      expect(other?.starts.length, cell.client).toBe(requestsOf(row, cell.client));
      const { seen, errors, text, order } = one as Observed;
      expect(other, cell.client).toMatchObject({ seen, errors, text, order });
      // Each request takes its 2 s, and up to 1.5 s more: undici's clock ticks twice in a second.
      const requests = one?.starts.length ?? 0;
      for (const side of [one, other]) {
        expect(side?.tookMs, cell.client).toBeGreaterThanOrEqual(requests * 2000 - 1);
        expect(side?.tookMs, cell.client).toBeLessThan(requests * 3500 + 500);
      }
    }
  });
});

describe('with the limits that Node has', () => {
  const file = fileURLToPath(new URL('client-limits.txt', import.meta.url));

  test('virtual time sees after five minutes what was seen over real sockets', async () => {
    const virtual = await playVirtually(cells, options);
    const measured = readFileSync(file, 'utf8').trim().split('\n');
    expect(
      cells.map((cell, index) => withoutTime(lineOf(cell, virtual[index] as Observed))),
    ).toEqual(measured.map(withoutTime));
    for (const [index, line] of measured.entries()) {
      const seconds = Number(/ ([\d.]+) s$/.exec(line)?.[1]);
      const { tookMs = 0, starts = [] } = virtual[index] ?? {};
      expect(seconds, line).toBeGreaterThan(300 * starts.length);
      expect(Math.abs(tookMs / 1000 - seconds), line).toBeLessThan(1.5);
    }
  });

  test.runIf(process.env.FIREDRILL_LONG)(
    'real sockets do so today (FIREDRILL_LONG=write keeps what is measured)',
    async () => {
      const real = await playReally(cells, options);
      const lines = cells.map((cell, index) => lineOf(cell, real[index] as Observed));
      if (process.env.FIREDRILL_LONG === 'write') writeFileSync(file, `${lines.join('\n')}\n`);
      const measured = readFileSync(file, 'utf8').trim().split('\n');
      expect(lines.map(withoutTime)).toEqual(measured.map(withoutTime));
    },
    700_000,
  );
});

function withoutTime(line: string): string {
  return line.replace(/ \| [\d.]+ s$/, '');
}
