// Traces of Go's httprr: after a head line, for each exchange a line with two lengths and exactly
// so many raw bytes of HTTP/1.1, the request and then the response.
import { InputError, type Place } from '../errors.ts';
import type { Exchange } from '../upstream/exchange.ts';
import { decompressed, utf8 } from './body-bytes.ts';
import type { Importer } from './importer.ts';
import { dateHeader, isoTime } from './iso-time.ts';
import type { HeaderList } from './yaml-parts.ts';

const headLine = 'httprr trace v1\n';

export const httprr: Importer = {
  name: 'httprr',
  describe: 'traces of Go\'s httprr (raw HTTP after the line "httprr trace v1")',
  recognises: (_file, text) => text.startsWith(headLine),
  parse: (file, text) => {
    if (!text.startsWith(headLine)) {
      throw new InputError('is no trace of httprr: it does not start with "httprr trace v1"', {
        file,
      });
    }
    return [...exchanges(file, Buffer.from(text, 'utf8'))];
  },
};

function* exchanges(file: string, bytes: Buffer): Generator<Exchange> {
  for (let at = headLine.length; at < bytes.length; ) {
    const place: Place = { file, line: lineAt(bytes, at) };
    const end = bytes.indexOf('\n', at);
    const lengths = /^(\d{1,9}) (\d{1,9})$/.exec(bytes.toString('latin1', at, Math.max(at, end)));
    if (!lengths) throw new InputError('must be two lengths, like "362 700"', place);
    const from = end + 1;
    const middle = from + Number(lengths[1]);
    const last = middle + Number(lengths[2]);
    if (last > bytes.length) {
      const rest = bytes.length - from;
      throw new InputError(`says ${last - from} bytes, and ${rest} are left: cut off?`, place);
    }
    const fail = (message: string) => new InputError(message, place);
    yield exchange(bytes.subarray(from, middle), bytes.subarray(middle, last), fail);
    at = last;
  }
}

type Fail = (message: string) => InputError;

function exchange(asked: Buffer, answered: Buffer, fail: Fail): Exchange {
  const request = messageIn(asked, 'request', fail);
  const response = messageIn(answered, 'response', fail);
  const [, method, url] = /^([A-Z]+) (\S+) HTTP\/[\d.]+$/.exec(request.first) ?? [];
  const [, status] = /^HTTP\/[\d.]+ ([1-5]\d\d)(?: .*)?$/.exec(response.first) ?? [];
  if (!method || !url) throw fail('the request has no line like "POST https://host/path HTTP/1.1"');
  if (!status) throw fail('the response has no line like "HTTP/1.1 200 OK"');
  const body = decompressed(request.body, request.headers, fail);
  const recordedAt = isoTime(dateHeader(response.headers));
  return {
    request: {
      method,
      url: absolute(url, request.headers),
      headers: request.headers,
      body: body.length > 0 ? utf8(body) : null,
    },
    response: {
      status: Number(status),
      headers: response.headers,
      body: decompressed(response.body, response.headers, fail),
    },
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}

interface Message {
  first: string;
  headers: HeaderList;
  body: Uint8Array;
}

function messageIn(bytes: Buffer, what: string, fail: Fail): Message {
  const blank = bytes.indexOf('\r\n\r\n');
  if (blank < 0) throw fail(`the ${what} has no end of its headers`);
  const [first = '', ...lines] = bytes.toString('latin1', 0, blank).split('\r\n');
  const headers = lines.map((line): [string, string] => {
    const colon = line.indexOf(':');
    if (colon < 1) throw fail(`the ${what} has a header without a colon`);
    return [line.slice(0, colon), line.slice(colon + 1).trim()];
  });
  const rest = new Uint8Array(bytes.subarray(blank + 4));
  const isChunked = headers.some(
    ([name, value]) => /^transfer-encoding$/i.test(name) && /\bchunked$/i.test(value),
  );
  return { first, headers, body: isChunked ? unchunked(Buffer.from(rest), fail) : rest };
}

function unchunked(bytes: Buffer, fail: Fail): Uint8Array {
  const parts: Buffer[] = [];
  for (let at = 0; ; ) {
    const end = bytes.indexOf('\r\n', at);
    const size = /^([0-9a-f]{1,7})(?:;.*)?$/i.exec(bytes.toString('latin1', at, Math.max(at, end)));
    if (!size) throw fail('a chunked body has no length where one must stand');
    const length = Number.parseInt(size[1] ?? '', 16);
    if (length === 0) return new Uint8Array(Buffer.concat(parts));
    at = end + 2 + length + 2;
    if (at > bytes.length) throw fail('a chunked body is cut off');
    parts.push(bytes.subarray(end + 2, at - 2));
  }
}

/** A client that spoke to no proxy wrote the path alone. */
function absolute(url: string, headers: HeaderList): string {
  if (!url.startsWith('/')) return url;
  const host = headers.find(([name]) => name.toLowerCase() === 'host')?.[1] ?? '';
  return `https://${host}${url}`;
}

function lineAt(bytes: Buffer, at: number): number {
  let line = 1;
  for (let from = bytes.indexOf('\n'); from >= 0 && from < at; from = bytes.indexOf('\n', from + 1))
    line++;
  return line;
}
