import { AsyncLocalStorage, createHook } from 'node:async_hooks';
import { promisify } from 'node:util';
import zlib from 'node:zlib';
import { expect, test } from 'vitest';
import { onVirtualTime } from './virtual.ts';

const text = 'The quick brown fox jumps over the lazy dog. '.repeat(20_000);
const plain = Buffer.from(text);

const formats: [string, (data: Buffer) => Promise<Buffer>, (data: Buffer) => Promise<Buffer>][] = [
  ['gzip', promisify(zlib.gzip), promisify(zlib.gunzip)],
  ['deflate', promisify(zlib.deflate), promisify(zlib.inflate)],
  ['raw deflate', promisify(zlib.deflateRaw), promisify(zlib.inflateRaw)],
  ['brotli', promisify(zlib.brotliCompress), promisify(zlib.brotliDecompress)],
];
if (zlib.zstdCompress) {
  formats.push(['zstd', promisify(zlib.zstdCompress), promisify(zlib.zstdDecompress)]);
}

test.each(formats)('%s there and back needs no turn of real time', async (_, pack, unpack) => {
  // Without tracking of real work the clock would jump to the second and miss the answer.
  const { value, virtualMs } = await onVirtualTime(
    async () => {
      const late = new Promise<string>((resolve) => setTimeout(resolve, 1000, 'too late'));
      return await Promise.race([pack(plain).then(unpack).then(String), late]);
    },
    { realWork: false },
  );
  expect(value === text).toBe(true);
  expect(virtualMs).toBe(0);
});

test('DecompressionStream takes a stream in small pieces', async () => {
  const packed = zlib.gzipSync(plain);
  const { value } = await onVirtualTime(async () => {
    const pieces = new ReadableStream({
      async start(controller) {
        for (let at = 0; at < packed.length; at += 100) {
          await new Promise((resolve) => setTimeout(resolve, 10));
          controller.enqueue(packed.subarray(at, at + 100));
        }
        controller.close();
      },
    });
    return await new Response(pieces.pipeThrough(new DecompressionStream('gzip'))).text();
  });
  expect(value === text).toBe(true);
});

test('broken data gives the same error as the thread pool does', async () => {
  const broken = Buffer.from('this is not gzip');
  const attempt = (): Promise<unknown> =>
    promisify(zlib.gunzip)(broken).catch((error: unknown) => error);
  const expected = await attempt();
  const { value } = await onVirtualTime(attempt);
  expect(value).toEqual(expected);
  expect(value).toMatchObject({ code: 'Z_DATA_ERROR' });
});

test('a stream that ends early is an error, and one that is destroyed ends quietly', async () => {
  const half = zlib.gzipSync(plain).subarray(0, 300);
  const { value } = await onVirtualTime(async () => {
    const destroyed = zlib.createGunzip();
    destroyed.on('error', () => {});
    destroyed.write(half);
    destroyed.destroy();
    return await promisify(zlib.gunzip)(half).catch((error: unknown) => error);
  });
  expect(value).toMatchObject({ code: 'Z_BUF_ERROR' });
});

test('what a stream has to say is said in the async context that made it', async () => {
  const storage = new AsyncLocalStorage<string>();
  const contexts = async (): Promise<unknown[]> => {
    const seen: unknown[] = [];
    const gunzip = storage.run('maker', () => zlib.createGunzip());
    gunzip.on('data', () => seen.push(storage.getStore()));
    storage.run('writer', () => gunzip.end(zlib.gzipSync(plain)));
    await new Promise((resolve) => gunzip.on('end', resolve));
    return [...new Set(seen)];
  };
  const expected = await contexts();
  const { value } = await onVirtualTime(contexts);
  expect(value).toEqual(expected);
});

test('no work is given to the pool during a trial, and is again after it', async () => {
  let written = 0;
  const hook = createHook({
    before() {
      written++;
    },
  });
  await onVirtualTime(() => promisify(zlib.gunzip)(zlib.gzipSync(plain)));
  hook.enable();
  const back = await promisify(zlib.gunzip)(zlib.gzipSync(plain));
  hook.disable();
  expect([back.length, written > 0]).toEqual([plain.length, true]);
});
