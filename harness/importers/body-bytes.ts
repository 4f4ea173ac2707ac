// What a recorder stored of a body -> the body itself. Headers are no proof of compression:
// many recorders unpack the body and keep `content-encoding`, others keep the packed bytes.
import {
  brotliDecompressSync,
  gunzipSync,
  inflateSync,
  type ZlibOptions,
  zstdDecompressSync,
} from 'node:zlib';
import { type InputError, messageOf } from '../errors.ts';

const LIMITS: ZlibOptions = { maxOutputLength: 100 * 1024 * 1024 };

type Headers = readonly (readonly [name: string, value: string])[];

/**
 * The body after decompression. gzip and zstd go by their magic bytes; brotli has none, so it needs
 * the header and bytes that are not text already; the same for deflate.
 * `fail` makes the InputError for damaged bytes and for more than 100 MB.
 */
export function decompressed(
  stored: Uint8Array,
  headers: Headers,
  fail: (message: string) => InputError,
): Uint8Array {
  const kind = compressionOf(stored, headers);
  if (kind === null) return stored;
  try {
    return new Uint8Array(unpack(kind, stored));
  } catch (error) {
    throw fail(`the body cannot be unpacked as ${kind}: ${messageOf(error)}`);
  }
}

/** Bytes as UTF-8 text; what is not UTF-8 becomes U+FFFD. A byte order mark stays. */
export function utf8(bytes: Uint8Array): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
}

/** The bytes of base64 text, in which white space may stand; null where it is not base64. */
export function fromBase64(text: string): Uint8Array | null {
  const packed = text.replace(/\s+/g, '');
  if (packed.length % 4 === 1 || !/^[A-Za-z0-9+/]*={0,2}$/.test(packed)) return null;
  return new Uint8Array(Buffer.from(packed, 'base64'));
}

type Compression = 'gzip' | 'zstd' | 'br' | 'deflate';

function compressionOf(stored: Uint8Array, headers: Headers): Compression | null {
  if (startsWith(stored, [0x1f, 0x8b, 0x08])) return 'gzip';
  if (startsWith(stored, [0x28, 0xb5, 0x2f, 0xfd])) return 'zstd';
  const said = headers.filter(([name]) => name.toLowerCase() === 'content-encoding');
  const encoding = said.map(([, value]) => value.trim().toLowerCase()).at(-1);
  if (encoding !== 'br' && encoding !== 'deflate') return null;
  return stored.length === 0 || isText(stored) ? null : encoding;
}

function unpack(kind: Compression, stored: Uint8Array): Uint8Array {
  switch (kind) {
    case 'gzip':
      return gunzipSync(stored, LIMITS);
    case 'zstd':
      return zstdDecompressSync(stored, { maxOutputLength: LIMITS.maxOutputLength });
    case 'br':
      return brotliDecompressSync(stored, { maxOutputLength: LIMITS.maxOutputLength });
    case 'deflate':
      return inflateSync(stored, LIMITS);
    default:
      return kind satisfies never;
  }
}

function startsWith(bytes: Uint8Array, magic: readonly number[]): boolean {
  return magic.every((byte, at) => bytes[at] === byte);
}

function isText(bytes: Uint8Array): boolean {
  if (bytes.some((byte) => byte < 0x20 && (byte < 0x08 || byte > 0x0d))) return false;
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false;
  }
}
