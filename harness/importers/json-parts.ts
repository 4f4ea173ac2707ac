// The parts that every recording in JSON has, whichever recorder wrote it. Bodies that a recorder
// parsed are written again with each number as it stood: `1.0` and long numbers stay.
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { decompressed, fromBase64, utf8 } from './body-bytes.ts';
import { parseJson } from './json-text.ts';
import type { HeaderList } from './yaml-parts.ts';

/** Header values as recorders write them: one text, or a list of them. */
export const headerMap = z.record(z.string(), z.union([z.string(), z.array(z.string())]));

export const statusCode = z.int().min(100).max(599);

/** Newer than the library of types: what ECMAScript calls "JSON.parse source text access". */
interface SourceJson {
  rawJSON(text: string): unknown;
  parse(
    text: string,
    reviver: (key: string, value: unknown, context: { source?: string }) => unknown,
  ): unknown;
}

/**
 * The parsed file, checked against a schema; numbers that JavaScript would write otherwise are kept
 * as their text. `format` names it in messages. Throws InputError with the place.
 */
export function readJson<T>(file: string, text: string, format: string, schema: z.ZodType<T>): T {
  // Says where the text is broken; what it returns is read again below.
  parseJson(file, text);
  const source = JSON as unknown as SourceJson;
  let value: unknown;
  try {
    value = source.parse(text, (_key, one, context) =>
      typeof one === 'number' && context.source !== undefined && String(one) !== context.source
        ? source.rawJSON(context.source)
        : one,
    );
  } catch {
    throw new InputError(`is not ${format}: it is nested too deeply`, { file });
  }
  const checked = schema.safeParse(value);
  if (checked.success) return checked.data;
  const issue = checked.error.issues[0];
  const path = (issue?.path ?? []).map((step) =>
    typeof step === 'number' ? `[${step}]` : `.${String(step)}`,
  );
  const where = path.join('').replace(/^\./, '') || 'the file';
  throw new InputError(`is not ${format}: ${where}: ${issue?.message ?? 'invalid'}`, { file });
}

export function headerList(headers: z.infer<typeof headerMap>): HeaderList {
  return Object.entries(headers).flatMap(
    ([name, value]): HeaderList => [value].flat().map((one) => [name, one]),
  );
}

export type Fail = (message: string) => InputError;

/** Text as the recorder kept it -> the body, unpacked. */
export function bodyOfText(text: string, headers: HeaderList, fail: Fail): Uint8Array {
  return decompressed(new TextEncoder().encode(text), headers, fail);
}

/** Base64 as the recorder kept it -> the body, unpacked. */
export function bodyOfBase64(text: string, headers: HeaderList, fail: Fail): Uint8Array {
  return decompressed(base64Bytes(text, fail), headers, fail);
}

/** The bytes as they are written. */
export function base64Bytes(text: string, fail: Fail): Uint8Array {
  const bytes = fromBase64(text);
  if (!bytes) throw fail('the body is not base64');
  return bytes;
}

/** Compact JSON of a body that the recorder had parsed. */
export function jsonBytes(parsed: unknown): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(parsed));
}

/** A request's body, which is kept as text. */
export function requestText(bytes: Uint8Array): string {
  return utf8(bytes);
}
