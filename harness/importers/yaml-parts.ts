// The parts that every YAML cassette has, whichever recorder wrote it.
import { decompressed, utf8 } from './body-bytes.ts';
import type { YamlValue } from './yaml-value.ts';

export type HeaderList = [name: string, value: string][];

/** Headers of a request or response: a map of names to one value or a list of values. */
export function headersOf(message: YamlValue): HeaderList {
  const headers = message.find('headers');
  if (!headers) return [];
  return headers.entries().flatMap(([name, value]): HeaderList => {
    const values = value.kind === 'list' ? value.items() : [value];
    return values.filter((one) => !one.isNull).map((one) => [name, one.text()]);
  });
}

/** A status code from 100 to 599. */
export function statusOf(code: YamlValue): number {
  const text = code.text();
  if (!/^[1-5][0-9]{2}$/.test(text)) {
    throw code.fail(`must be a status code from 100 to 599, not "${text}"`);
  }
  return Number(text);
}

/** A scalar that must say something. */
export function filled(value: YamlValue): string {
  const text = value.text();
  if (text === '') throw value.fail('must not be empty');
  return text;
}

/** The body behind stored bytes, with errors that name the place of the body. */
export function unpacked(stored: Uint8Array, headers: HeaderList, place: YamlValue): Uint8Array {
  return decompressed(stored, headers, (message) => place.fail(`is damaged: ${message}`));
}

/** The same for a request body, which is kept as text. */
export function unpackedText(stored: Uint8Array, headers: HeaderList, place: YamlValue): string {
  return utf8(unpacked(stored, headers, place));
}
