import nodeCrypto, { randomBytes as namedRandomBytes, randomUUID as namedUUID } from 'node:crypto';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { installSeededRandom, type SeededRandom } from '../../harness/clock/random-globals.ts';
import { stream } from '../../harness/rng.ts';
import { changed, globalState } from './virtual.ts';

const UUID_V4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const UUID_V7 = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const uuidV7 = Reflect.get(nodeCrypto, 'randomUUIDv7') as (() => string) | undefined;

let seeded: SeededRandom;
beforeEach(() => {
  seeded = installSeededRandom(stream(1, 'random'));
});
afterEach(() => seeded.uninstall());

const sources: [string, () => unknown][] = [
  ['Math.random', () => Math.random()],
  ['crypto.randomUUID', () => crypto.randomUUID()],
  ['randomUUID of node:crypto, by name', () => namedUUID()],
  ['crypto.getRandomValues', () => [...crypto.getRandomValues(new Uint32Array(5))]],
  ['getRandomValues of node:crypto', () => [...nodeCrypto.getRandomValues(new Uint8Array(9))]],
  ['webcrypto of node:crypto', () => [...nodeCrypto.webcrypto.getRandomValues(new Uint8Array(9))]],
  ['randomBytes', () => nodeCrypto.randomBytes(13).toString('hex')],
  ['randomBytes by name', () => namedRandomBytes(13).toString('hex')],
  ['randomBytes with a callback', () => promisify(nodeCrypto.randomBytes)(8).then(String)],
  ['pseudoRandomBytes', () => nodeCrypto.pseudoRandomBytes(8).toString('hex')],
  ['randomInt', () => nodeCrypto.randomInt(1_000_000)],
  [
    'randomInt with a callback',
    () => new Promise((f) => nodeCrypto.randomInt(9e9, (_, n) => f(n))),
  ],
  ['randomFillSync', () => nodeCrypto.randomFillSync(Buffer.alloc(9)).toString('hex')],
  [
    'randomFill',
    () => new Promise((f) => nodeCrypto.randomFill(Buffer.alloc(9), (_, b) => f(String(b)))),
  ],
];

test.each(sources)('%s repeats with the seed and differs with another', async (_, draw) => {
  const draws = async (seed: number): Promise<unknown[]> => {
    seeded.reseed(stream(seed, 'random'));
    return [await draw(), await draw()];
  };
  const [first, again, other] = [await draws(1), await draws(1), await draws(2)];
  expect(again).toEqual(first);
  expect(other).not.toEqual(first);
  expect(first[0]).not.toEqual(first[1]);
});

test('the one stream is shared, so that the order of draws of all kinds is what counts', () => {
  const first = [Math.random(), nodeCrypto.randomInt(1e6)];
  seeded.reseed(stream(1, 'random'));
  const swapped = [nodeCrypto.randomInt(1e6), Math.random()];
  expect(swapped).not.toEqual(first.reverse());
});

describe('what is drawn', () => {
  test('random UUIDs are well-formed, and version 7 begins with the time', () => {
    for (let i = 0; i < 50; i++) expect(crypto.randomUUID()).toMatch(UUID_V4);
    if (!uuidV7) return;
    const current = Reflect.get(nodeCrypto, 'randomUUIDv7') as () => string;
    const id = current();
    expect(id).toMatch(UUID_V7);
    const time = Number.parseInt(id.replace('-', '').slice(0, 12), 16);
    expect(Math.abs(time - Date.now())).toBeLessThan(60_000);
  });

  test('integers stay in their range, up to the widest', () => {
    const range = fc.tuple(
      fc.integer({ min: -(2 ** 46), max: 2 ** 46 }),
      fc.integer({ min: 1, max: 2 ** 47 }),
    );
    fc.assert(
      fc.property(range, ([from, width]) => {
        const drawn = nodeCrypto.randomInt(from, from + width);
        expect(Number.isInteger(drawn) && drawn >= from && drawn < from + width).toBe(true);
      }),
    );
  });

  test('bytes are spread evenly', () => {
    const counts = new Array(256).fill(0);
    for (const byte of nodeCrypto.randomBytes(256 * 400)) counts[byte]++;
    expect(Math.min(...counts)).toBeGreaterThan(300);
    expect(Math.max(...counts)).toBeLessThan(500);
  });

  test('only the part of a buffer that was asked for is filled, counted in elements', () => {
    const words = new Uint16Array(6);
    nodeCrypto.randomFillSync(words, 2, 3);
    expect([words[0], words[1], words[5]]).toEqual([0, 0, 0]);
    expect(words.subarray(2, 5).some((word) => word > 0)).toBe(true);
    const whole = new ArrayBuffer(16);
    nodeCrypto.randomFillSync(whole as unknown as Uint8Array);
    const filled = new Uint8Array(whole);
    const view = new DataView(whole, 4, 4);
    const before = [...filled];
    nodeCrypto.randomFillSync(view);
    expect([...filled.subarray(0, 4), ...filled.subarray(8)]).toEqual([
      ...before.slice(0, 4),
      ...before.slice(8),
    ]);
  });
});

test('calls that Node refuses are refused with its errors', () => {
  const wrong: [() => unknown, string][] = [
    [() => nodeCrypto.randomBytes(-1), 'ERR_OUT_OF_RANGE'],
    [() => nodeCrypto.randomBytes('8' as unknown as number), 'ERR_INVALID_ARG_TYPE'],
    [() => nodeCrypto.randomInt(5, 5), 'ERR_OUT_OF_RANGE'],
    [() => nodeCrypto.randomInt(2 ** 53), 'ERR_INVALID_ARG_TYPE'],
    [() => nodeCrypto.randomFillSync(Buffer.alloc(4), 5), 'ERR_OUT_OF_RANGE'],
    [() => nodeCrypto.randomFill(Buffer.alloc(4), 1 as never), 'ERR_INVALID_ARG_TYPE'],
  ];
  for (const [call, code] of wrong) expect(call).toThrow(expect.objectContaining({ code }));
  expect(() => crypto.getRandomValues(new Float32Array(2) as never)).toThrow(DOMException);
  expect(() => crypto.getRandomValues(new Uint8Array(70_000))).toThrow(DOMException);
});

test('everything is the identical original afterwards, and what was captured is random again', () => {
  const captured = { random: Math.random, uuid: crypto.randomUUID };
  seeded.uninstall();
  const before = globalState();
  for (let i = 0; i < 2; i++) installSeededRandom(stream(1, 'random')).uninstall();
  expect(changed(before, globalState())).toEqual([]);
  expect(namedUUID).toBe(nodeCrypto.randomUUID);
  expect(captured.random()).not.toBe(captured.random());
  expect(captured.uuid()).toMatch(UUID_V4);
});
