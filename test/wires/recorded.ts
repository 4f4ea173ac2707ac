// The exchanges of the outside data that speak one of our wires, whatever format they lie in.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readExchanges } from '../../harness/importers/read-exchanges.ts';
import type { TextWireName } from '../../harness/wires/wire-name.ts';

export interface Row {
  file: string;
  pos: string;
  provider: string;
  endpoint: string;
  model: string;
  response_sse: string;
  status: string;
  kind: string;
  format: string;
}

export interface Recorded {
  row: Row;
  wire: TextWireName;
  /** The JSON text; null where none was kept. */
  request: string | null;
  /** Where it went to, where that was kept. */
  url?: string;
  body: Uint8Array;
  sse: boolean;
}

const endpoints: Readonly<Record<string, TextWireName>> = {
  'chat.completions': 'openai-chat',
  responses: 'openai-responses',
  messages: 'anthropic-messages',
  generateContent: 'gemini',
  streamGenerateContent: 'gemini',
};
const imported = ['vcrpy', 'ruby-vcr', 'go-vcr', 'har-polly'];
const plain = ['bare-json', 'bare-chunks', 'req_llm-json', 'dd-test-agent-json'];
const encoder = new TextEncoder();

export function recordedExchanges(dir: string): Recorded[] {
  const index = readFileSync(join(dir, 'recordings/INDEX.csv'));
  const rows = parse(index, { columns: true }) as Row[];
  return rows.flatMap((row) => {
    const wire = endpoints[row.endpoint];
    if (wire === undefined || ![...imported, ...plain].includes(row.format)) return [];
    const found = load(join(dir, 'recordings', row.file), row);
    return [{ row, wire, sse: row.response_sse === 'yes', ...found }];
  });
}

function load(file: string, row: Row): Pick<Recorded, 'request' | 'url' | 'body'> {
  if (imported.includes(row.format)) {
    const exchange = readExchanges(file).exchanges[Number(row.pos)];
    if (exchange === undefined) throw new Error(`${file} has no exchange ${row.pos}`);
    const { url, body } = exchange.request;
    return { request: body, url, body: exchange.response.body };
  }
  const text = readFileSync(file, 'utf8');
  if (row.format === 'bare-json') return { request: null, body: encoder.encode(text) };
  if (row.format === 'bare-chunks') {
    const events = text.trim().split('\n');
    return {
      request: null,
      body: encoder.encode(events.map((data) => `data: ${data}\n\n`).join('')),
    };
  }
  const whole = JSON.parse(text);
  if (row.format === 'dd-test-agent-json') {
    const { body } = whole.response;
    const bytes = body.startsWith('base64:')
      ? Buffer.from(body.slice(7), 'base64')
      : encoder.encode(body);
    return { request: whole.request.body, url: whole.request.url, body: bytes };
  }
  const request = Buffer.from(whole.request.body.b64, 'base64').toString();
  const { body } = whole.response;
  const chunks: { b64: string }[] = whole.chunks ?? [];
  if (body === null) {
    return { request, body: Buffer.concat(chunks.map(({ b64 }) => Buffer.from(b64, 'base64'))) };
  }
  if (typeof body.b64 === 'string') return { request, body: Buffer.from(body.b64, 'base64') };
  return { request, body: encoder.encode(JSON.stringify(body)) };
}
