import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { InputError } from '../../harness/errors.ts';
import { importers } from '../../harness/importers/index.ts';
import { readExchanges } from '../../harness/importers/read-exchanges.ts';
import type { Exchange } from '../../harness/upstream/exchange.ts';
import { wires } from '../../harness/wires/index.ts';
import type { TextWireName } from '../../harness/wires/wire-name.ts';
import { describeData } from '../data.ts';
import { inputError } from './support.ts';

/** Formats of the index and the importer that reads them. */
const FORMATS: ReadonlyMap<string, string> = new Map([
  ['vcrpy', 'vcrpy'],
  ['ruby-vcr', 'ruby-vcr'],
  ['go-vcr', 'go-vcr'],
  ['har-polly', 'har'],
  ['nock-json', 'nock'],
  ['httprr', 'httprr'],
  ['req_llm-json', 'req-llm'],
  ['dd-test-agent-json', 'dd-test-agent'],
]);

/** Formats of the index that no importer reads, and what each of their files is refused with. */
const REFUSED: ReadonlyMap<string, RegExp> = new Map([
  ['bare-json', /holds the body of an answer \([a-z-]+\) without its request/],
  ['bare-chunks', /holds the body of an answer \([a-z-]+\) without its request/],
]);

/**
 * The index counted this body together with the `{ type, content }` around it, on both sides;
 * the request's own content-length, 146, is what the importer gives.
 */
const WRAPPED = 'test_openai_o1_mini_system_role[system].yaml';

/** The index left out its last line feed; its own content-length, 1365, is what is read. */
const SHORTENED = 'TestGoogleAIGenerateContentWithMultipleMessages.httprr';

const ENDPOINTS: readonly [endpoint: string, path: RegExp][] = [
  ['chat.completions', /\/chat\/completions$/],
  ['responses', /\/responses$/],
  ['messages', /\/messages$/],
  ['generateContent', /:generateContent$/],
  ['streamGenerateContent', /:streamGenerateContent$/],
  ['converse-stream', /\/converse-stream$/],
  ['converse', /\/converse$/],
  ['invoke', /\/invoke$/],
  ['chat', /\/v2\/chat$/],
];

const WIRES: ReadonlyMap<string, TextWireName> = new Map([
  ['chat.completions', 'openai-chat'],
  ['responses', 'openai-responses'],
  ['messages', 'anthropic-messages'],
  ['generateContent', 'gemini'],
  ['streamGenerateContent', 'gemini'],
]);

interface Row {
  streaming: string;
  file: string;
  pos: string;
  endpoint: string;
  status: string;
  format: string;
  response_sse: string;
  request_bytes: string;
  response_bytes: string;
  n_response_headers: string;
  body_stored_as: string;
}

describeData('importers read recordings of others', (dir) => {
  // Skipped groups are collected too, so the index is read inside of the tests.
  const imported = (): { rows: Row[]; exchanges: Exchange[]; format: string }[] => {
    const index = parse(readFileSync(join(dir, 'recordings/INDEX.csv')), {
      columns: true,
    }) as Row[];
    const rows = index.filter((row) => FORMATS.has(row.format));
    return [...Map.groupBy(rows, (row) => row.file).entries()].map(([file, rowsOfFile]) => {
      return { rows: rowsOfFile, ...readExchanges(join(dir, 'recordings', file)) };
    });
  };
  const pairs = (): [row: Row, exchange: Exchange][] =>
    imported().flatMap(({ rows, exchanges }) =>
      rows.map((row): [Row, Exchange] => {
        const exchange = exchanges[Number(row.pos)];
        if (!exchange) throw new Error(`${row.file} has no exchange ${row.pos}`);
        return [row, exchange];
      }),
    );

  it('recognises every file and finds all its exchanges', () => {
    const files = imported();
    for (const { rows, exchanges, format } of files) {
      expect([rows[0]?.file, format]).toEqual([rows[0]?.file, FORMATS.get(rows[0]?.format ?? '')]);
      expect([rows[0]?.file, exchanges.length]).toEqual([rows[0]?.file, rows.length]);
    }
    expect(files.length).toBe(212);
    expect(pairs()).toHaveLength(289);
  });

  it('reads each of the 297 exchanges, or refuses it with a reason', () => {
    const index = parse(readFileSync(join(dir, 'recordings/INDEX.csv')), {
      columns: true,
    }) as Row[];
    expect(index).toHaveLength(297);
    const unread = index.filter(({ format }) => !FORMATS.has(format));
    expect(unread).toHaveLength(8);
    for (const { file, format, endpoint } of unread) {
      const message = inputError(() => readExchanges(join(dir, 'recordings', file)));
      expect([file, message]).toEqual([file, expect.stringMatching(REFUSED.get(format) ?? '^$')]);
      expect(message).toContain(WIRES.get(endpoint));
    }
  });

  it('finds whether each request asked for a stream, wherever a wire speaks its endpoint', () => {
    const spoken = pairs().filter(([row]) => WIRES.has(row.endpoint));
    expect(spoken.length).toBeGreaterThan(250);
    for (const [row, { request }] of spoken) {
      const wire = wires[WIRES.get(row.endpoint) ?? 'openai-chat'];
      const asked = wire.decode({
        method: request.method,
        url: request.url,
        header: () => null,
        body: request.body ?? '',
      });
      expect([row.file, row.pos, asked?.stream]).toEqual([
        row.file,
        row.pos,
        row.streaming === 'yes',
      ]);
    }
  });

  it('finds the transport chunks of every stream that was kept so', () => {
    const chunked = pairs().filter(([row]) => row.body_stored_as === 'b64-chunks');
    expect(chunked).toHaveLength(4);
    for (const [row, { response }] of chunked) {
      const lengths = (response.chunks ?? []).map(({ bytes }) => bytes);
      expect([row.file, lengths.length > 1]).toEqual([row.file, true]);
      expect(lengths.reduce((sum, one) => sum + one, 0)).toBe(response.body.length);
    }
  });

  it('recognises each file as one format only', () => {
    for (const { rows, format } of imported()) {
      const file = rows[0]?.file ?? '';
      const text = readFileSync(join(dir, 'recordings', file), 'utf8');
      const names = Object.values(importers).filter((one) => one.recognises(file, text));
      expect([file, ...names.map((one) => one.name)]).toEqual([file, format]);
    }
  });

  it('finds the status and the endpoint of every exchange', () => {
    for (const [row, { request, response }] of pairs()) {
      expect([row.file, String(response.status)]).toEqual([row.file, row.status]);
      const path = request.url.replace(/\?.*$/, '');
      const known = ENDPOINTS.find(([, pattern]) => pattern.test(path))?.[0];
      const fits = known ? row.endpoint === known : /^(other|\/api\/models\/)/.test(row.endpoint);
      expect([row.file, path, row.endpoint, fits]).toEqual([row.file, path, row.endpoint, true]);
      expect(request.method).toMatch(/^[A-Z]+$/);
    }
  });

  it('finds every response body byte for byte, and parsed ones but for their blanks', () => {
    for (const [row, { response }] of pairs()) {
      const isTree = /^(?:parsed_body|parsed-json|json-object)$/.test(row.body_stored_as);
      const body = isTree ? spaced(response.body) : response.body;
      const wrapped = row.file.endsWith(WRAPPED) ? spacedWrapper(response.body) : body;
      expect([row.file, row.pos, wrapped.length]).toEqual([
        row.file,
        row.pos,
        Number(row.response_bytes) + (row.file.endsWith(SHORTENED) ? 1 : 0),
      ]);
    }
  });

  it('finds every request body, and parsed ones but for their blanks', () => {
    for (const [row, { request }] of pairs()) {
      const body = new TextEncoder().encode(request.body ?? '');
      const lengths = [body.length, spaced(body).length];
      if (row.file.endsWith(WRAPPED)) lengths.push(spacedWrapper(body).length);
      expect([row.file, row.pos, lengths]).toEqual([
        row.file,
        row.pos,
        expect.arrayContaining([Number(row.request_bytes)]),
      ]);
    }
  });

  it('finds every response header', () => {
    for (const [row, { response }] of pairs()) {
      const names = new Set(response.headers.map(([name]) => name.toLowerCase()));
      expect([row.file, row.pos, names.size]).toEqual([
        row.file,
        row.pos,
        Number(row.n_response_headers),
      ]);
    }
  });

  it('finds whole event streams', () => {
    // Google calls the JSON of an error that answers a stream an event stream too.
    const streams = pairs().filter(
      ([row]) => row.response_sse === 'yes' && row.body_stored_as !== 'parsed-json',
    );
    expect(streams).toHaveLength(65);
    for (const [row, { response }] of streams) {
      const text = new TextDecoder('utf-8', { fatal: true }).decode(response.body);
      expect([row.file, /^(data|event|id|):/.test(text)]).toEqual([row.file, true]);
      expect([row.file, /\r?\n\r?\n$/.test(text)]).toEqual([row.file, true]);
    }
  });

  it('gives exchanges or an InputError where a file is cut off', () => {
    const files = imported().map(({ rows }) => rows[0]?.file ?? '');
    fc.assert(
      fc.property(fc.constantFrom(...files), fc.nat(), (file, at) => {
        const whole = readFileSync(join(dir, 'recordings', file), 'utf8');
        const text = whole.slice(0, at % whole.length);
        for (const importer of Object.values(importers)) {
          if (!importer.recognises(file, text)) continue;
          try {
            importer.parse(file, text);
          } catch (error) {
            expect(error).toBeInstanceOf(InputError);
          }
        }
      }),
    );
  });
});

/** JSON with a blank after each comma and colon, as Python's json.dumps writes it. */
function spaced(body: Uint8Array): Uint8Array {
  const json = new TextDecoder().decode(body);
  const text = json.replace(/"(?:[^"\\]|\\.)*"|[,:]/g, (token) =>
    token === ',' || token === ':' ? `${token} ` : token,
  );
  return new TextEncoder().encode(text);
}

function spacedWrapper(body: Uint8Array): Uint8Array {
  const json = new TextDecoder().decode(body);
  return spaced(new TextEncoder().encode(`{"type":"json","content":${json}}`));
}
