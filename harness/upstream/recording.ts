// The format of recordings: one JSON object a line, each a provider's stored answer to one sample.
// `recorded` holds the exact bytes of an exchange and is served unchanged; `recorded-text` holds a
// real answer that a wire renders; `authored` was written for a product, and every report says so.
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { expecting, mainIssue, telling } from '../scenario/issue.ts';
import { readText } from '../scenario/yaml-file.ts';
import { textWireNames } from '../wires/wire-name.ts';

const largest = 512 * 1024 * 1024;

/** What may stand in a header: one line of Latin-1. */
export const headerValue = /^[\t\x20-\x7e\x80-\xff]*$/;

export const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;

/** `provider/model`. */
export const targetName = z
  .string()
  .regex(/^[^/\s]+\/\S+$/, 'expected provider/model, like openai/gpt-4o');

/** What every provider takes for the name of a tool. */
export const toolName = z
  .string()
  .regex(/^[a-zA-Z0-9_-]{1,64}$/, 'expected the name of a tool, like find_order');

/** A name and a value that a response can carry: nothing else could be served. */
const header = z.tuple([
  z.string().regex(headerName, 'is no header name'),
  z.string().regex(headerValue, 'is no header value: one line of Latin-1'),
]);

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'expected a SHA-256: 64 digits of 0-9 and a-f');

const common = {
  sample: z.string().min(1),
  target: targetName,
  /** When it was recorded or written, YYYY-MM-DD. */
  date: z.string().optional(),
  /** Where it comes from. */
  source: z.string().optional(),
  /** A score given by somebody else, 0..1; instead of the sample's checks. Null: not graded. */
  score: z.number().min(0).max(1).nullable().optional(),
  /** Which turn of a session it answers: 1 + the tool results that the request brings. */
  turn: z.number().int().min(1).optional(),
  /** SHA-256 of all that was asked, by `firedrill record`: where it differs, it is asked again. */
  asked: sha256.optional(),
};

const toolCall = z.strictObject({
  name: toolName,
  /** An object, or the text that stands in its place. */
  arguments: z.union([z.record(z.string(), z.unknown()), z.string()], {
    error: expecting('an object like { "order_id": "LK-1" }'),
  }),
});

const text = z.strictObject({
  kind: z.enum(['authored', 'recorded-text']),
  ...common,
  text: z.string(),
  finish: z.enum(['stop', 'length', 'content-filter', 'refusal']).default('stop'),
  toolCalls: z.array(toolCall).min(1, 'expected at least one call, or no toolCalls').optional(),
  usage: z.strictObject({ input: z.number(), output: z.number() }).optional(),
});

/** A response as it was recorded, and the wire that it spoke. */
export const recordedResponse = {
  wire: z.enum(textWireNames),
  exchange: z.strictObject({
    status: z.number().int().min(200).max(599),
    /** As recorded; what described the compressed body is left out when it is served. */
    headers: z.array(header),
    /** From the request to the headers, ms, where known. */
    headersMs: z.number().nonnegative().optional(),
    /** The decompressed body. */
    body: z.union([z.strictObject({ text: z.string() }), z.strictObject({ base64: z.string() })]),
    /** Length in bytes and ms since the headers of each transport chunk, where known. */
    chunks: z
      .array(z.strictObject({ bytes: z.number().int(), atMs: z.number().optional() }))
      .optional(),
  }),
};

const exact = z.strictObject({
  kind: z.literal('recorded'),
  ...common,
  ...recordedResponse,
  /** SHA-256 of the exchange as it was recorded (recordings/recording-digest.ts). */
  digest: sha256.optional(),
});

export const recordingSchema = z.discriminatedUnion('kind', [text, exact]);

export type Recording = z.infer<typeof recordingSchema>;
export type TextRecording = z.infer<typeof text>;
export type ExactRecording = z.infer<typeof exact>;

/** All recordings of a file, in order. Throws InputError with file and line. */
export function readRecordings(file: string): Recording[] {
  return readJsonLines(file, recordingSchema).map(({ value }) => value);
}

/** Each line that is not empty, and its number. Throws InputError with file and line. */
export function readJsonLines<T>(file: string, schema: z.ZodType<T>): JsonLine<T>[] {
  return [...jsonLines(file, schema)].map((line) => {
    if (line instanceof InputError) throw line;
    return line;
  });
}

export interface JsonLine<T> {
  value: T;
  line: number;
}

/** Each line that is not empty, or what is wrong with it. Throws InputError without such a file. */
export function* jsonLines<T>(
  file: string,
  schema: z.ZodType<T>,
): Generator<JsonLine<T> | InputError> {
  let line = 0;
  for (const text of readText(file, file, largest).split('\n')) {
    line++;
    if (text.trim() === '') continue;
    const place = { file, line };
    let raw: unknown;
    try {
      raw = JSON.parse(text);
    } catch {
      yield new InputError('is not a JSON object: one recording a line', place);
      continue;
    }
    const read = schema.safeParse(raw, telling);
    if (read.success) {
      yield { value: read.data, line };
      continue;
    }
    const issue = mainIssue(read.error.issues);
    const where = issue && issue.path.length > 0 ? `${issue.path.join('.')}: ` : '';
    yield new InputError(`${where}${issue?.message ?? 'is not valid'}`, place);
  }
}

/** As text where that keeps every byte. */
export function storedBody(body: Uint8Array): ExactRecording['exchange']['body'] {
  const bytes = Buffer.from(body);
  const text = bytes.toString('utf8');
  return Buffer.from(text, 'utf8').equals(bytes) ? { text } : { base64: bytes.toString('base64') };
}

export function bodyOf(recording: ExactRecording): Uint8Array {
  const { body } = recording.exchange;
  return 'text' in body ? Buffer.from(body.text, 'utf8') : Buffer.from(body.base64, 'base64');
}
