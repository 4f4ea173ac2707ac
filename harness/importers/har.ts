// HAR 1.2, as browsers, proxies and Polly.JS write it. Header `content-encoding` says nothing here:
// a HAR's text is the decoded body.
import { z } from 'zod';
import { InputError } from '../errors.ts';
import type { Exchange } from '../upstream/exchange.ts';
import { decompressed, fromBase64 } from './body-bytes.ts';
import type { Importer } from './importer.ts';
import { dateHeader, isoTime } from './iso-time.ts';
import { parseJson } from './json-text.ts';

const headerSchema = z.object({ name: z.string(), value: z.string() });
const contentSchema = z.object({
  size: z.number().nullish(),
  text: z.string().nullish(),
  encoding: z.string().nullish(),
  _isBinary: z.boolean().nullish(),
});
const entrySchema = z.object({
  startedDateTime: z.string().nullish(),
  time: z.number().nullish(),
  request: z.object({
    method: z.string().min(1),
    url: z.string().min(1),
    headers: z.array(headerSchema),
    postData: z.object({ text: z.string().nullish() }).nullish(),
  }),
  response: z.object({
    status: z.union([z.literal(0), z.int().min(100).max(599)]),
    headers: z.array(headerSchema),
    content: contentSchema.nullish(),
  }),
});
const harSchema = z.object({ log: z.object({ entries: z.array(entrySchema) }) });

type Entry = z.infer<typeof entrySchema>;
type Content = z.infer<typeof contentSchema>;

export const har: Importer = {
  name: 'har',
  describe: 'HAR 1.2 archives of browsers, proxies and Polly.JS (JSON, "log" with "entries")',
  recognises: (_file, text) =>
    /^\s*\{/.test(text) && /"log"\s*:/.test(text) && /"entries"\s*:/.test(text),
  parse: (file, text) => {
    const checked = harSchema.safeParse(parseJson(file, text));
    if (!checked.success) throw schemaError(file, checked.error);
    return checked.data.log.entries.flatMap((entry, index) => exchange(file, entry, index));
  },
};

function exchange(file: string, entry: Entry, index: number): Exchange[] {
  const { request, response, time } = entry;
  // Status 0 is how a HAR says that no response came: there is no exchange to import.
  if (response.status === 0) return [];
  const headers = headerList(response.headers);
  const recordedAt = isoTime(entry.startedDateTime, dateHeader(headers));
  const fail = (message: string) =>
    new InputError(`log.entries[${index}] (${request.url}): ${message}`, { file });
  return [
    {
      request: {
        method: request.method.toUpperCase(),
        url: request.url,
        headers: headerList(request.headers),
        body: request.postData?.text ?? null,
      },
      response: {
        status: response.status,
        headers,
        body: decompressed(contentBytes(response.content ?? {}, fail), headers, fail),
      },
      ...(recordedAt === undefined ? {} : { recordedAt }),
      ...(typeof time === 'number' && time > 0 ? { durationMs: time } : {}),
    },
  ];
}

/** Browsers add HTTP/2's pseudo headers, and join repeated headers with line feeds. */
function headerList(headers: { name: string; value: string }[]): [string, string][] {
  return headers
    .filter(({ name }) => !name.startsWith(':'))
    .flatMap(({ name, value }) =>
      value.split('\n').map((line): [string, string] => [name, line.replace(/\r$/, '')]),
    );
}

function contentBytes(content: Content, fail: (message: string) => InputError): Uint8Array {
  if (content.text === null || content.text === undefined) {
    if ((content.size ?? 0) <= 0) return new Uint8Array();
    throw fail('the archive has no body of this response: export it with content');
  }
  const encoding = content.encoding?.toLowerCase() || (content._isBinary ? 'hex' : 'utf-8');
  if (/^utf-?8$/.test(encoding)) return new TextEncoder().encode(content.text);
  const decode = binaryDecoder(encoding);
  if (!decode) throw fail(`content.encoding "${encoding}" is unknown: known is base64`);
  const parts = binaryParts(content.text).map(decode);
  const bytes = parts.filter((part) => part !== null);
  if (bytes.length < parts.length) throw fail(`content.text is not ${encoding}`);
  return new Uint8Array(Buffer.concat(bytes));
}

function binaryDecoder(encoding: string): ((text: string) => Uint8Array | null) | null {
  if (encoding === 'base64') return fromBase64;
  if (encoding !== 'hex') return null;
  return (text) => (/^(?:[0-9a-f]{2})*$/i.test(text) ? Buffer.from(text, 'hex') : null);
}

/** Polly.JS writes a packed body as a JSON array of chunks; neither base64 nor hex has a `[`. */
function binaryParts(text: string): string[] {
  if (!text.startsWith('[')) return [text];
  try {
    return z.array(z.string()).parse(JSON.parse(text));
  } catch {
    return [text];
  }
}

function schemaError(file: string, error: z.ZodError): InputError {
  const issue = error.issues[0];
  const path = (issue?.path ?? []).map((step) =>
    typeof step === 'number' ? `[${step}]` : `.${String(step)}`,
  );
  const where = path.join('').replace(/^\./, '') || 'the file';
  return new InputError(`is not HAR 1.2: ${where}: ${issue?.message ?? 'invalid'}`, { file });
}
