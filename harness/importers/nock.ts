// What nock records (`nock.recorder.play({ output_objects: true })`, or nock back's fixtures): a
// JSON list. A response is a parsed body, a text, the hex of a packed body in chunks, or one hex
// text where `responseIsBinary`; requests come without their headers.
import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Exchange } from '../upstream/exchange.ts';
import { decompressed } from './body-bytes.ts';
import type { Importer } from './importer.ts';
import { dateHeader, isoTime } from './iso-time.ts';
import {
  bodyOfText,
  type Fail,
  headerList,
  headerMap,
  jsonBytes,
  readJson,
  statusCode,
} from './json-parts.ts';
import type { HeaderList } from './yaml-parts.ts';

const definition = z.object({
  scope: z.string().min(1),
  method: z.string().min(1).default('GET'),
  path: z.string(),
  body: z.unknown().optional(),
  reqheaders: headerMap.optional(),
  status: statusCode.default(200),
  response: z.unknown().optional(),
  rawHeaders: z.union([z.array(z.string()), headerMap]).optional(),
  headers: headerMap.optional(),
  responseIsBinary: z.boolean().optional(),
});

type Definition = z.infer<typeof definition>;

export const nock: Importer = {
  name: 'nock',
  describe: 'recordings of nock (JSON, a list with "scope", "path" and "response")',
  recognises: (_file, text) =>
    /^\s*\[/.test(text) && /"scope"\s*:/.test(text) && /"path"\s*:/.test(text),
  parse: (file, text) =>
    readJson(file, text, 'a recording of nock', z.array(definition)).map((one, index) =>
      exchange(one, (message) => {
        const place = `[${index}] (${one.method} ${one.scope}${one.path.replace(/\?.*$/, '')})`;
        return new InputError(`${place}: ${message}`, { file });
      }),
    ),
};

function exchange(one: Definition, fail: Fail): Exchange {
  const headers = headersOf(one, fail);
  const recordedAt = isoTime(dateHeader(headers));
  return {
    request: {
      method: one.method.toUpperCase(),
      url: urlOf(one),
      headers: headerList(one.reqheaders ?? {}),
      body: requestBody(one.body),
    },
    response: { status: one.status, headers, body: responseBody(one, headers, fail) },
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}

/** nock writes the port always; the usual one is in no real request. */
function urlOf({ scope, path }: Definition): string {
  const usual = scope.startsWith('https:') ? /:443$/ : /:80$/;
  return `${scope.replace(/\/$/, '').replace(usual, '')}${path}`;
}

function headersOf({ rawHeaders, headers }: Definition, fail: Fail): HeaderList {
  if (!Array.isArray(rawHeaders)) return headerList(rawHeaders ?? headers ?? {});
  if (rawHeaders.length % 2 > 0) throw fail('rawHeaders has a name without its value');
  return rawHeaders.flatMap((name, at): HeaderList => {
    return at % 2 === 0 ? [[name, rawHeaders[at + 1] ?? '']] : [];
  });
}

function requestBody(body: unknown): string | null {
  if (body === undefined || body === null || body === '') return null;
  return typeof body === 'string' ? body : JSON.stringify(body);
}

function responseBody(one: Definition, headers: HeaderList, fail: Fail): Uint8Array {
  const { response, responseIsBinary } = one;
  if (response === undefined || response === null || response === '') return new Uint8Array();
  const packed = packedChunks(response, headers);
  if (packed) return decompressed(Buffer.concat(packed.map(fromHex)), headers, fail);
  if (typeof response !== 'string') return jsonBytes(response);
  if (responseIsBinary !== true) return bodyOfText(response, headers, fail);
  if (!hex.test(response)) throw fail('responseIsBinary, and the response is not hex');
  return decompressed(fromHex(response), headers, fail);
}

const hex = /^(?:[0-9a-f]{2})+$/i;

function fromHex(text: string): Uint8Array {
  return new Uint8Array(Buffer.from(text, 'hex'));
}

/** A list is a parsed body too, unless it is of hex and the body was packed. */
function packedChunks(response: unknown, headers: HeaderList): string[] | null {
  const isPacked = headers.some(([name]) => name.toLowerCase() === 'content-encoding');
  if (!isPacked || !Array.isArray(response)) return null;
  return response.every((one) => typeof one === 'string' && hex.test(one)) ? response : null;
}
