// What a chain writes to the files 1 and 2 themselves, as fast loggers do. All threads share them:
// it would land in the middle of a report that goes to stdout.
import fs from 'node:fs';
import type { Patches } from '../clock/patches.ts';

type Written = string | NodeJS.ArrayBufferView;
type Write = (file: unknown, data: Written, ...rest: unknown[]) => unknown;

/** Sends it to the streams of this thread, which the main thread passes on. */
export function patchStandardFiles(patches: Patches): void {
  const streams = new Map<unknown, NodeJS.WritableStream>([
    [1, process.stdout],
    [2, process.stderr],
  ]);
  const patch = (name: keyof typeof fs, written: (bytes: Buffer, rest: unknown[]) => unknown) => {
    const original = fs[name] as Write;
    patches.set(fs, name, (file: unknown, data: Written, ...rest: unknown[]) => {
      const stream = streams.get(file);
      if (!stream) return original(file, data, ...rest);
      const bytes = bytesOf(data, rest);
      stream.write(bytes);
      return written(bytes, [data, ...rest]);
    });
  };
  patch('writeSync', ({ length }) => length);
  patch('write', ({ length }, given) => {
    const done = given.at(-1);
    if (typeof done === 'function') process.nextTick(done, null, length, given[0]);
  });
  patch('writeFileSync', () => undefined);
  patch('appendFileSync', () => undefined);
  patches.publish();
}

/** Resolves when the main thread has all that was printed: a worker that ends drops the rest. */
export async function allPrinted(): Promise<void> {
  const streams = [process.stdout, process.stderr];
  await Promise.all(streams.map((each) => new Promise((done) => each.write('', done))));
}

/** Of `(text, position, encoding)`, or of `(bytes, offset or options, length)`. */
function bytesOf(data: Written, [first, second]: unknown[]): Buffer {
  if (typeof data === 'string') {
    return Buffer.from(data, typeof second === 'string' ? (second as BufferEncoding) : 'utf8');
  }
  const options = typeof first === 'object' && first !== null ? first : { offset: first };
  const { offset = 0, length = second } = options as { offset?: number; length?: unknown };
  const from = typeof offset === 'number' ? offset : 0;
  const most = data.byteLength - from;
  const size = typeof length === 'number' ? length : most;
  // A copy: a logger fills its buffer again at once.
  return Buffer.from(Buffer.from(data.buffer, data.byteOffset + from, size));
}
