import { AsyncResource } from 'node:async_hooks';
import { execFileSync } from 'node:child_process';
import crypto from 'node:crypto';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { Agent, request } from 'node:http';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { realWorkIsCheap, trackRealWork } from '../../harness/clock/real-work.ts';
import { wall } from '../../harness/clock/wall.ts';
import { onVirtualTime } from './virtual.ts';

const WASM = new Uint8Array([0, 97, 115, 109, 1, 0, 0, 0]);
const agent = new Agent();
agent.createConnection = () => new Socket();
const turn = (): Promise<void> => new Promise((resolve) => wall.setImmediate(resolve));

const work: [string, () => Promise<unknown>][] = [
  ['crypto.subtle', () => globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(3_000_000))],
  ['pbkdf2', () => promisify(crypto.pbkdf2)('word', 'salt', 20_000, 32, 'sha256')],
  ['a key pair', () => promisify(crypto.generateKeyPair)('rsa', { modulusLength: 1024 })],
  ['a file', () => readFile(new URL(import.meta.url))],
  ['WebAssembly', () => WebAssembly.compile(WASM)],
  ['the body of a blob', () => new Blob(['x'.repeat(3_000_000)]).arrayBuffer()],
];

test.each(work)('the clock does not jump over %s', async (_, start) => {
  const { value, virtualMs } = await onVirtualTime(() =>
    Promise.race([
      start().then(() => 'in time'),
      new Promise((resolve) => setTimeout(resolve, 1, 'jumped over')),
    ]),
  );
  expect([value, virtualMs]).toEqual(['in time', 0]);
});

test('synchronous crypto, whose resources never end, is not waited for', async () => {
  const { ending } = await onVirtualTime(
    async () => {
      crypto.pbkdf2Sync('word', 'salt', 10, 32, 'sha256');
      crypto.randomBytes(8);
      crypto.randomUUID();
      crypto.scryptSync('word', 'salt', 32);
      crypto.hkdfSync('sha256', 'key', 'salt', 'info', 32);
      crypto.generateKeyPairSync('ec', { namedCurve: 'P-256' });
      await new Promise((resolve) => setTimeout(resolve, 10));
    },
    { realWorkPatienceMs: 1000 },
  );
  expect(ending).toEqual({ end: 'done' });
});

test('resources of others that are called requests are not waited for', async () => {
  const { ending } = await onVirtualTime(
    async () => {
      const kept = [new AsyncResource('UNDICI_REQUEST'), request({ host: 'api.test', agent })];
      await new Promise((resolve) => setTimeout(resolve, 10));
      expect(kept).toHaveLength(2);
    },
    { realWorkPatienceMs: 1000 },
  );
  expect(ending).toEqual({ end: 'done' });
});

test('work that stays pending ends the drive and is named', async () => {
  const dir = mkdtempSync(join(tmpdir(), 'firedrill-'));
  const pipe = join(dir, 'pipe');
  execFileSync('mkfifo', [pipe]);
  try {
    // Opening a pipe to read waits for somebody who writes: nobody does until the drive is over.
    const { ending } = await onVirtualTime(() => readFile(pipe), { realWorkPatienceMs: 30 });
    expect(ending).toEqual({ end: 'real-work', resource: 'FSREQPROMISE (file system)' });
  } finally {
    closeSync(openSync(pipe, constants.O_RDWR));
    rmSync(dir, { recursive: true });
  }
});

test('a loop over native immediates, captured before the trial, ends the drive', async () => {
  const spin = async (): Promise<void> => {
    for (;;) await turn();
  };
  const { ending } = await onVirtualTime(spin, { realWorkPatienceMs: 5 });
  expect(ending).toEqual({ end: 'real-work', resource: 'callbacks of Node itself' });
});

test('the watch settles only after a quiet turn, counts begins and ends, and names the oldest', async () => {
  const watch = trackRealWork();
  try {
    while (!watch.settled()) await turn();
    const before = watch.progress();
    const digest = globalThis.crypto.subtle.digest('SHA-256', new Uint8Array(10));
    expect(watch.oldest()).toBe('HASHREQUEST (crypto)');
    expect(watch.settled()).toBe(false);
    await digest;
    expect(watch.oldest()).toBe(null);
    expect(watch.progress()).toBeGreaterThanOrEqual(before + 2);
    expect([watch.settled(), watch.settled()]).toEqual([false, true]);
  } finally {
    watch.stop();
  }
});

test.each([
  ['22.23.3', false],
  ['24.0.0', true],
  ['26.1.0', true],
])('on Node %s tracking by itself is %s', (version, expected) => {
  expect(realWorkIsCheap(version)).toBe(expected);
});
