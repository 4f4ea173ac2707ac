// Compression without the thread pool. zlib streams, DecompressionStream, brotli and zstd all hand
// their chunks to a native `write` whose answer comes whenever a pool thread is done; here the same
// work is done at once, and the answer is given on the next tick.
import { AsyncLocalStorage } from 'node:async_hooks';
import * as zlib from 'node:zlib';
import type { Patches } from './patches.ts';

interface Handle {
  init(...args: unknown[]): unknown;
  write(...args: unknown[]): void;
  writeSync(...args: unknown[]): void;
  onerror(...args: unknown[]): void;
}

interface Origin {
  answer: () => void;
  inContext: (callback: () => void) => void;
}

const origins = new WeakMap<Handle, Origin>();

/** The native prototypes that have an `init` or a `write` of their own. */
function handlePrototypes(): Set<Handle> {
  const streams = [zlib.createGunzip(), zlib.createBrotliDecompress(), zlib.createBrotliCompress()];
  const zstd = [zlib.createZstdDecompress?.(), zlib.createZstdCompress?.()];
  const found = new Set<Handle>();
  for (const stream of [...streams, ...zstd]) {
    if (stream === undefined) continue;
    const { _handle: handle } = stream as unknown as { _handle: Handle };
    for (let at = Object.getPrototypeOf(handle); at; at = Object.getPrototypeOf(at)) {
      if (Object.hasOwn(at, 'init') || Object.hasOwn(at, 'write')) found.add(at);
    }
    stream.destroy();
  }
  return found;
}

export function patchZlib(patches: Patches): void {
  for (const prototype of handlePrototypes()) {
    if (Object.hasOwn(prototype, 'init')) patchInit(patches, prototype);
    if (Object.hasOwn(prototype, 'write')) patchWrite(patches, prototype);
  }
}

/** `init` is given the function that takes the answers; it runs in the stream's own context. */
function patchInit(patches: Patches, prototype: Handle): void {
  const init = prototype.init;
  patches.set(prototype, 'init', function (this: Handle, ...args: unknown[]) {
    const answer = args.find((arg) => typeof arg === 'function');
    if (answer) {
      origins.set(this, { answer: answer as () => void, inContext: AsyncLocalStorage.snapshot() });
    }
    return init.apply(this, args);
  });
}

function patchWrite(patches: Patches, prototype: Handle): void {
  const write = prototype.write;
  patches.set(prototype, 'write', function (this: Handle, ...args: unknown[]) {
    const origin = origins.get(this);
    if (!origin) return write.apply(this, args);
    // `writeSync` tells of an error while it runs, `write` later and instead of an answer.
    const { onerror } = this;
    let answer = origin.answer;
    this.onerror = (...error) => {
      answer = () => onerror.apply(this, error);
    };
    this.writeSync(...args);
    this.onerror = onerror;
    process.nextTick(() => origin.inContext(() => answer.call(this)));
  });
}
