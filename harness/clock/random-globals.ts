// Every name under which a program reaches randomness, pointed at a seeded stream. As with time,
// the replacements are made once a thread and ask for the stream at each call: modules that stay
// loaded keep what they captured. Calls that Node would refuse are left to Node, for its own error.
import nodeCrypto from 'node:crypto';
import type { Rng } from '../rng.ts';
import { Patches } from './patches.ts';

export interface SeededRandom {
  /** From here on the draws come from this stream; cheap, meant for each trial. */
  reseed(rng: Rng): void;
  uninstall(): void;
}

type AnyFunction = (...args: never[]) => unknown;
type Callback<T> = (error: Error | null, value?: T) => void;

const webPrototype: Crypto = Object.getPrototypeOf(globalThis.crypto);
const node = {
  random: Math.random,
  randomBytes: nodeCrypto.randomBytes as (size: number, callback?: Callback<Buffer>) => unknown,
  randomInt: nodeCrypto.randomInt as AnyFunction,
  randomFillSync: nodeCrypto.randomFillSync as AnyFunction,
  randomFill: nodeCrypto.randomFill as AnyFunction,
  getRandomValues: webPrototype.getRandomValues,
  randomUUID: nodeCrypto.randomUUID as () => string,
  randomUUIDv7: Reflect.get(nodeCrypto, 'randomUUIDv7') as (() => string) | undefined,
};
const BYTES_MAX = 2 ** 31 - 1;
/** What `crypto.getRandomValues` gives at most, by its specification. */
const WEB_BYTES_MAX = 65_536;
const INT_RANGE_MAX = 2 ** 48 - 1;

let current: Rng | null = null;

export function installSeededRandom(rng: Rng): SeededRandom {
  const patches = new Patches();
  current = rng;
  patches.set(Math, 'random', random);
  patches.set(webPrototype, 'getRandomValues', getRandomValues);
  patches.set(nodeCrypto, 'randomBytes', randomBytes);
  patches.set(nodeCrypto, 'pseudoRandomBytes', randomBytes);
  patches.set(nodeCrypto, 'randomInt', randomInt);
  patches.set(nodeCrypto, 'randomFillSync', randomFillSync);
  patches.set(nodeCrypto, 'randomFill', randomFill);
  for (const [name, replacement] of Object.entries(uuids)) {
    for (const owner of [webPrototype, nodeCrypto]) {
      if (name in owner) patches.set(owner, name, replacement);
    }
  }
  patches.publish();
  return {
    reseed(next) {
      current = next;
    },
    uninstall() {
      current = null;
      patches.restore();
    },
  };
}

function random(): number {
  return current ? current.next() : node.random();
}

function fill(rng: Rng, view: ArrayBufferView | ArrayBuffer, offset = 0, size?: number): void {
  const buffer = 'buffer' in view ? view.buffer : view;
  const start = 'buffer' in view ? view.byteOffset + offset : offset;
  const bytes = new Uint8Array(buffer, start, size ?? view.byteLength - offset);
  for (let i = 0; i < bytes.length; i += 4) {
    let word = rng.int(2 ** 32);
    for (let k = i; k < i + 4 && k < bytes.length; k++) {
      bytes[k] = word & 0xff;
      word >>>= 8;
    }
  }
}

function getRandomValues<T extends ArrayBufferView<ArrayBuffer>>(this: Crypto, view: T): T {
  const whole = ArrayBuffer.isView(view) && !/Float|DataView/.test(view.constructor.name);
  if (!current || !whole || view.byteLength > WEB_BYTES_MAX) {
    return node.getRandomValues.call(globalThis.crypto, view) as unknown as T;
  }
  fill(current, view);
  return view;
}

/** Calls back on the next tick, or gives the value back where there is no callback. */
function answer<T>(value: T, callback: Callback<T> | undefined): T | undefined {
  if (callback === undefined) return value;
  process.nextTick(callback, null, value);
  return undefined;
}

function isCallback(callback: unknown): boolean {
  return callback === undefined || typeof callback === 'function';
}

function randomBytes(size: number, callback?: Callback<Buffer>): unknown {
  const accepted = typeof size === 'number' && size >= 0 && size <= BYTES_MAX;
  if (!current || !accepted || !isCallback(callback)) return node.randomBytes(size, callback);
  const bytes = Buffer.alloc(size);
  fill(current, bytes);
  return answer(bytes, callback);
}

function randomInt(...args: [number, (number | Callback<number>)?, Callback<number>?]): unknown {
  const from = typeof args[1] === 'number' ? args[0] : 0;
  const to = typeof args[1] === 'number' ? args[1] : args[0];
  const callback = typeof args[1] === 'number' ? args[2] : (args[1] as Callback<number>);
  const whole = Number.isSafeInteger(from) && Number.isSafeInteger(to);
  const accepted = whole && to > from && to - from <= INT_RANGE_MAX && isCallback(callback);
  if (!current || !accepted) return node.randomInt(...(args as unknown as never[]));
  // 53 bits of two draws: one draw has 32, and a range may be wider.
  const share = (current.int(2 ** 21) * 2 ** 32 + current.int(2 ** 32)) / 2 ** 53;
  return answer(from + Math.floor(share * (to - from)), callback);
}

/** Offset and size count elements of a typed array, and bytes of anything else. */
function fillPart(target: unknown, offset: unknown, size: unknown): boolean {
  if (!current) return false;
  const view = ArrayBuffer.isView(target) || target instanceof ArrayBuffer ? target : null;
  if (!view) return false;
  const width = (view as { BYTES_PER_ELEMENT?: number }).BYTES_PER_ELEMENT ?? 1;
  const start = offset === undefined ? 0 : Number(offset) * width;
  const length = size === undefined ? view.byteLength - start : Number(size) * width;
  if (!(start >= 0 && length >= 0 && start + length <= view.byteLength)) return false;
  fill(current, view, start, length);
  return true;
}

function randomFillSync(target: unknown, offset?: unknown, size?: unknown): unknown {
  if (fillPart(target, offset, size)) return target;
  return node.randomFillSync(...([target, offset, size] as never[]));
}

function randomFill(target: unknown, ...rest: unknown[]): unknown {
  const callback = rest.at(-1);
  if (typeof callback !== 'function' || !fillPart(target, ...range(rest))) {
    return node.randomFill(...([target, ...rest] as never[]));
  }
  return answer(target, callback as Callback<unknown>);
}

/** The arguments before the callback. */
function range(rest: unknown[]): [unknown, unknown] {
  return [rest.length > 1 ? rest[0] : undefined, rest.length > 2 ? rest[1] : undefined];
}

function uuid(version: 4 | 7, rng: Rng): string {
  const bytes = Buffer.alloc(16);
  fill(rng, bytes);
  if (version === 7) bytes.writeUIntBE(Date.now(), 0, 6);
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | (version << 4);
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80;
  const hex = bytes.toString('hex');
  return [8, 12, 16, 20, 32].map((end, i, ends) => hex.slice(ends[i - 1] ?? 0, end)).join('-');
}

/** Version 7 (its first bits are the time) is missing from older versions of Node. */
const uuids: Record<string, () => string> = {
  randomUUID: () => (current ? uuid(4, current) : node.randomUUID()),
  randomUUIDv7: () => (current ? uuid(7, current) : (node.randomUUIDv7 ?? node.randomUUID)()),
};
