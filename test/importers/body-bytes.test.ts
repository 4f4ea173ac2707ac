import { brotliCompressSync, deflateSync, gzipSync, zstdCompressSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { InputError } from '../../harness/errors.ts';
import { decompressed, fromBase64, utf8 } from '../../harness/importers/body-bytes.ts';
import { inputError } from './support.ts';

const fail = (message: string) => new InputError(message);
const plain = '{"text":"naïve answer, naïve answer"}';
const saying = (encoding: string) => [['Content-Encoding', encoding]] as const;

describe('decompressed', () => {
  it.each([
    ['gzip by its magic bytes, without a header', gzipSync(plain), []],
    ['gzip although the header says br', gzipSync(plain), saying('br')],
    ['zstd by its magic bytes', zstdCompressSync(plain), []],
    ['brotli by the header', brotliCompressSync(plain), saying('BR')],
    ['deflate by the header', deflateSync(plain), saying('deflate')],
    ['nothing where text stands under "br"', Buffer.from(plain), saying('br')],
    ['nothing where text stands under "gzip"', Buffer.from(plain), saying('gzip')],
  ])('undoes %s', (_title, stored, headers) => {
    expect(utf8(decompressed(stored, headers, fail))).toBe(plain);
  });

  it('leaves bytes that are neither text nor packed', () => {
    const bytes = Uint8Array.of(0, 1, 2, 255);
    expect(decompressed(bytes, [], fail)).toEqual(bytes);
    expect(decompressed(new Uint8Array(), saying('br'), fail)).toHaveLength(0);
  });

  it('refuses damaged bytes and bodies that grow without end', () => {
    const cut = gzipSync(plain).subarray(0, 20);
    expect(inputError(() => decompressed(cut, [], fail))).toContain('unpacked as gzip');
    const bomb = gzipSync(Buffer.alloc(101 * 1024 * 1024));
    expect(inputError(() => decompressed(bomb, [], fail))).toContain('unpacked as gzip');
  });
});

describe('fromBase64', () => {
  it('reads base64 with line ends and refuses everything else', () => {
    expect(fromBase64(' aGVs\n bG8=\n')).toEqual(new TextEncoder().encode('hello'));
    expect(fromBase64('')).toEqual(new Uint8Array());
    for (const text of ['a', 'a-b_', '<div>', 'aGVs=bG8']) expect(fromBase64(text)).toBeNull();
  });
});
