// Fixtures of Elixir's ReqLLM: one exchange a file, the request as base64 beside its parsed form.
// Streams are kept as the transport chunks in which they came: no other format here has them.
import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Exchange } from '../upstream/exchange.ts';
import { decompressed } from './body-bytes.ts';
import type { Importer } from './importer.ts';
import { dateHeader, isoTime } from './iso-time.ts';
import type { Fail } from './json-parts.ts';
import {
  base64Bytes,
  bodyOfText,
  headerList,
  headerMap,
  jsonBytes,
  readJson,
  requestText,
  statusCode,
} from './json-parts.ts';
import type { HeaderList } from './yaml-parts.ts';

const fixture = z.object({
  captured_at: z.string().nullish(),
  request: z.object({
    method: z.string().min(1),
    url: z.string().min(1),
    headers: headerMap.default({}),
    body: z.object({ b64: z.string() }),
  }),
  response: z.object({
    status: statusCode,
    headers: headerMap.default({}),
    body: z.unknown().optional(),
  }),
  chunks: z.array(z.object({ b64: z.string() })).nullish(),
});

const packed = z.strictObject({ b64: z.string() });

export const reqLlm: Importer = {
  name: 'req-llm',
  describe: 'fixtures of Elixir\'s ReqLLM (JSON, one exchange with "canonical_json")',
  recognises: (_file, text) =>
    /^\s*\{/.test(text) && /"canonical_json"\s*:/.test(text) && /"b64"\s*:/.test(text),
  parse: (file, text) => [
    exchange(readJson(file, text, 'a fixture of ReqLLM', fixture), (message) => {
      return new InputError(message, { file });
    }),
  ],
};

function exchange(given: z.infer<typeof fixture>, fail: Fail): Exchange {
  const { request, response } = given;
  const headers = headerList(response.headers);
  const recordedAt = isoTime(given.captured_at, dateHeader(headers));
  return {
    request: {
      method: request.method.toUpperCase(),
      url: request.url,
      headers: headerList(request.headers),
      body: requestText(base64Bytes(request.body.b64, fail)),
    },
    response: { status: response.status, headers, ...answered(given, headers, fail) },
    ...(recordedAt === undefined ? {} : { recordedAt }),
  };
}

function answered(
  { response, chunks }: z.infer<typeof fixture>,
  headers: HeaderList,
  fail: Fail,
): Pick<Exchange['response'], 'body' | 'chunks'> {
  const { body } = response;
  if (body === null || body === undefined) {
    const parts = (chunks ?? []).map(({ b64 }) => base64Bytes(b64, fail));
    const stored = new Uint8Array(Buffer.concat(parts));
    const whole = decompressed(stored, headers, fail);
    // Where packed bytes were cut says nothing of where the unpacked ones were.
    if (whole !== stored || parts.length === 0) return { body: whole };
    return { body: whole, chunks: parts.map(({ length }) => ({ bytes: length })) };
  }
  if (typeof body === 'string') return { body: bodyOfText(body, headers, fail) };
  const bytes = packed.safeParse(body);
  if (!bytes.success) return { body: jsonBytes(body) };
  return { body: decompressed(base64Bytes(bytes.data.b64, fail), headers, fail) };
}
