// What rules do to the official SDKs, in virtual time. That sockets show the same is in
// test/contract/parity-matrix.test.ts.
import { beforeAll, describe, expect, it } from 'vitest';
import type { Cell, Observed } from '../contract/parity-cell.ts';
import { cellsOf, wideText } from '../contract/parity-cell.ts';
import type { ClientName } from '../contract/parity-clients.ts';
import type { Row, Sees } from '../contract/parity-row.ts';
import { entryOf, requestsOf } from '../contract/parity-row.ts';
import { playVirtually } from '../contract/parity-sides.ts';

const row = (
  inject: string,
  keys: Record<string, unknown>,
  sees: Sees,
  requests: Row['requests'] = 1,
): Row => ({
  name: `${inject} ${JSON.stringify(keys)}`,
  fault: { rule: { inject, ...keys } },
  sample: 'wide',
  sees,
  requests,
});

const healthy: Sees = { chat: 'all, stop', responses: 'all, completed', messages: 'all, end_turn' };
const hung: Sees = { chat: 'hangs', responses: 'hangs', messages: 'hangs' };
const hungInStream: Sees = {
  'chat stream': 'hangs after part',
  'chat helper': 'hangs after part',
  'responses stream': 'hangs after part',
  'responses helper': 'hangs after part',
  'messages stream': 'hangs after part',
  'messages helper': 'hangs after part',
};

const statusRows: Row[] = [
  row('status', { status: 402 }, { chat: 'APIError 402', messages: 'PaymentRequiredError 402' }),
  row(
    'status',
    { status: 404, body: 'detail', message: 'no such deployment' },
    { chat: 'NotFoundError 404', messages: 'NotFoundError 404' },
  ),
  row('status', { status: 408 }, { chat: 'APIError 408', messages: 'RequestTimeoutError 408' }, 3),
  row('status', { status: 422, body: 'bare' }, { chat: 'UnprocessableEntityError 422' }),
  row(
    'status',
    { status: 429, reason: 'server-error' },
    { chat: 'RateLimitError 429 rate_limit_exceeded' },
    3,
  ),
  row(
    'status',
    { status: 400, code: 'odd', shouldRetry: true },
    { 'chat whole': 'BadRequestError 400 odd', 'responses whole': 'BadRequestError 400 odd' },
    3,
  ),
  row('server-error', { status: 503, bodySilence: 'forever' }, hung, 3),
  row('quota-exhausted', { shouldRetry: false, bodySilence: 'forever' }, hung, 1),
];

const silenceRows: Row[] = [
  row('stall', { at: '3 tokens', keepalive: { every: '3s' } }, hungInStream),
  row(
    'stall',
    { at: '3 tokens', lasting: '30s', keepalive: { every: '3s', as: 'ping' } },
    {
      'chat stream': healthy.chat ?? '',
      'responses stream': healthy.responses ?? '',
      'messages stream': healthy.messages ?? '',
    },
  ),
  row('slow-request', { lasting: '300ms' }, healthy),
  row(
    'slow-request',
    {},
    {
      chat: 'APIConnectionTimeoutError <- AbortError',
      messages: 'APIConnectionTimeoutError',
    },
    3,
  ),
  row(
    'slow',
    { lasting: '50s' },
    {
      'chat stream': 'all, stop',
      'responses stream': 'all, completed',
      'messages stream': 'all, end_turn',
    },
  ),
];

const brokenRows: Row[] = [
  row(
    'truncate',
    { at: 'inside-character' },
    {
      chat: 'SyntaxError',
      'chat helper': 'OpenAIError <- SyntaxError',
      'messages whole': 'SyntaxError',
      'messages stream': 'nothing, no end',
    },
  ),
  row(
    'disconnect',
    { at: 'byte 120' },
    {
      'chat whole': 'TypeError <- ECONNRESET',
      'chat stream': 'TypeError <- ECONNRESET',
      'messages stream': 'TypeError <- ECONNRESET',
    },
  ),
  row(
    'malformed',
    { at: 'event 10', instead: true },
    {
      'chat whole': 'SyntaxError',
      'chat stream': 'SyntaxError after part',
      'responses whole': 'SyntaxError',
      'responses stream': 'SyntaxError after part',
      'messages whole': 'SyntaxError',
      'messages stream': 'SyntaxError after part',
    },
  ),
];

const oddRows: Row[] = [
  row(
    'degenerate',
    { as: 'empty' },
    {
      chat: 'nothing, stop',
      responses: 'nothing, completed',
      messages: 'nothing, end_turn',
    },
  ),
  row(
    'degenerate',
    { as: 'length' },
    {
      chat: 'nothing, length',
      responses: 'nothing, incomplete',
      messages: 'nothing, max_tokens',
    },
  ),
  row(
    'degenerate',
    { as: 'content-filter' },
    {
      chat: 'nothing, content_filter',
      responses: 'nothing, incomplete',
      messages: 'nothing, refusal',
    },
  ),
  row(
    'degenerate',
    { as: 'no-events' },
    {
      'chat stream': 'nothing, no end',
      'responses stream': 'nothing, no end',
      'messages stream': 'nothing, no end',
      'messages helper': 'AnthropicError',
    },
  ),
  row(
    'degenerate',
    { as: 'html' },
    {
      'chat whole': 'nothing, string',
      'chat stream': 'nothing, no end',
      'messages whole': 'nothing, string',
      'messages stream': 'nothing, no end',
    },
  ),
  row(
    'degenerate',
    { as: 'json' },
    {
      'chat whole': 'all, stop',
      'chat stream': 'nothing, no end',
      'messages whole': 'all, end_turn',
      'messages stream': 'nothing, no end',
    },
  ),
  row('ignore-schema', {}, healthy),
  // Another text than the one that clients of this table know, and whole.
  row(
    'free-form',
    {},
    {
      chat: 'part, stop',
      responses: 'part, completed',
      messages: 'part, end_turn',
    },
  ),
];

const rows = [...statusRows, ...silenceRows, ...brokenRows, ...oddRows];
const cells = cellsOf(rows);
let seen: Observed[] = [];

beforeAll(async () => {
  seen = await playVirtually(cells, { timeoutMs: 1000, patienceMs: 60_000 });
});

/** What a client saw of the first row of this name. */
function of(name: string, client: ClientName): Observed {
  const found = cells.findIndex((cell) => cell.row.name === name && cell.client === client);
  return seen[found] as Observed;
}

describe('clients', () => {
  it.each(rows)('of $name', (wanted) => {
    const unlike = cells.flatMap((cell: Cell, index) => {
      if (cell.row !== wanted) return [];
      const { seen: how, starts } = seen[index] as Observed;
      const expected = `${entryOf(wanted.sees, cell.client)}, ${requestsOf(wanted, cell.client)}`;
      return `${how}, ${starts.length}` === expected ? [] : [`${cell.client}: ${how}, ${starts}`];
    });
    expect(unlike).toEqual([]);
  });
});

describe('time', () => {
  it('passes in silence, in which pings come and no text', () => {
    const stalled =
      'stall {"at":"3 tokens","lasting":"30s","keepalive":{"every":"3s","as":"ping"}}';
    const { text, tookMs } = of(stalled, 'chat stream');
    expect(text).toBe(wideText);
    expect(tookMs).toBeGreaterThan(30_000);
    expect(tookMs).toBeLessThan(31_000);
  });

  it('passes before a request is read', () => {
    const late = of('slow-request {"lasting":"300ms"}', 'messages whole').tookMs;
    const soon = of('ignore-schema {}', 'messages whole').tookMs;
    expect(late - soon).toBe(300);
  });

  it('passes over a stream that makes steady progress, however long it is', () => {
    const { tookMs, text } = of('slow {"lasting":"50s"}', 'messages stream');
    expect(text).toBe(wideText);
    expect(tookMs).toBe(50_020);
  });
});
