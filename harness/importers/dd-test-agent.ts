// Cassettes of Datadog's test agent: one exchange a file, headers with one value each. Bodies are
// text, already unpacked although `Content-Encoding` stays, or `base64:` and the bytes of the wire.
import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Exchange } from '../upstream/exchange.ts';
import type { Importer } from './importer.ts';
import { dateHeader, isoTime } from './iso-time.ts';
import type { Fail } from './json-parts.ts';
import {
  bodyOfBase64,
  bodyOfText,
  headerList,
  headerMap,
  readJson,
  requestText,
  statusCode,
} from './json-parts.ts';
import type { HeaderList } from './yaml-parts.ts';

const cassette = z.object({
  request: z.object({
    method: z.string().min(1),
    url: z.string().min(1),
    headers: headerMap.default({}),
    body: z.string().nullish(),
  }),
  response: z.object({
    status: z.object({ code: statusCode }),
    headers: headerMap.default({}),
    body: z.string().nullish(),
  }),
});

export const ddTestAgent: Importer = {
  name: 'dd-test-agent',
  describe:
    "cassettes of Datadog's test agent (JSON, one exchange with a status of code and message)",
  recognises: (_file, text) =>
    /^\s*\{\s*"request"\s*:/.test(text) &&
    /"response"\s*:\s*\{\s*"status"\s*:\s*\{\s*"code"\s*:/.test(text),
  parse: (file, text) => [
    exchange(readJson(file, text, "a cassette of Datadog's test agent", cassette), (message) => {
      return new InputError(message, { file });
    }),
  ],
};

function exchange({ request, response }: z.infer<typeof cassette>, fail: Fail): Exchange {
  const asked = headerList(request.headers);
  const headers = headerList(response.headers);
  const recordedAt = isoTime(dateHeader(headers));
  return {
    request: {
      method: request.method.toUpperCase(),
      url: request.url,
      headers: asked,
      body: request.body ? requestText(bytesOf(request.body, asked, fail)) : null,
    },
    response: {
      status: response.status.code,
      headers,
      body: bytesOf(response.body ?? '', headers, fail),
    },
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}

const packed = 'base64:';

function bytesOf(stored: string, headers: HeaderList, fail: Fail): Uint8Array {
  if (!stored.startsWith(packed)) return bodyOfText(stored, headers, fail);
  return bodyOfBase64(stored.slice(packed.length), headers, fail);
}
