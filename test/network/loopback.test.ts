import { connect } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { HarnessError } from '../../harness/errors.ts';
import type { Loopback } from '../../harness/network/loopback.ts';
import { openLoopback } from '../../harness/network/loopback.ts';
import type { RawRequest } from '../../harness/wires/wire.ts';
import type { Answered, Decide } from '../stage.ts';
import { behind, frames, silent, streamed, streamedUntil, whole } from '../stage.ts';

let decide: Decide;
const seen: RawRequest[] = [];
const failures: Error[] = [];
const server = behind((request, from) => {
  seen.push(request);
  return decide(request, from);
});
let loopback: Loopback;
beforeAll(async () => {
  loopback = await openLoopback({
    upstream: server.upstream,
    attribute: (request) => ({ call: Number(request.header('x-call')), sample: '' }),
    fail: (error) => failures.push(error),
  });
});
afterAll(() => loopback.close());

const post = (init: RequestInit = {}): Promise<Response> =>
  fetch(`${loopback.origin('api.openai.com')}/v1/chat/completions?a=b`, {
    method: 'POST',
    body: '{"ü":1}',
    ...init,
  });

/** The bytes as they go over the wire, until the server closes. */
function raw(text: string): Promise<{ bytes: string; error: string | null }> {
  return new Promise((resolve) => {
    let bytes = '';
    let failed: string | null = null;
    const socket = connect(loopback.port, '127.0.0.1', () => socket.write(text));
    socket.setEncoding('latin1').on('data', (piece: string) => {
      bytes += piece;
    });
    socket.on('error', (error: NodeJS.ErrnoException) => {
      failed = error.code ?? error.message;
    });
    socket.on('close', () => resolve({ bytes, error: failed }));
  });
}

/** Resolves once the server has told how the attempt ended. */
async function logged(lines: number): Promise<string[]> {
  while (server.log.length < lines) await new Promise((resolve) => setImmediate(resolve));
  return server.log.splice(0);
}

const getOnce = 'GET /api.openai.com/x HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';

test('a request arrives as its provider would get it, with the call that it belongs to', async () => {
  decide = () => whole('{"fine":true}');
  const response = await post({ headers: { 'X-Call': '17', accept: 'a' } });
  expect(await response.json()).toEqual({ fine: true });
  const [request] = seen.splice(0);
  expect(request).toMatchObject({
    method: 'POST',
    url: 'https://api.openai.com/v1/chat/completions?a=b',
    body: '{"ü":1}',
  });
  expect(request?.header('x-call')).toBe('17');
  expect(request?.header('X-Call')).toBe('17');
  expect(request?.header('absent')).toBeNull();
  expect(server.calls.splice(0)).toEqual([17]);
  expect(await logged(2)).toEqual(['headers', 'complete after 1']);
});

test('a body at once is sent in one piece with its length, a stream in chunks', async () => {
  decide = () =>
    whole('{"fine":true}', {
      headers: [
        ['x-own', 'a'],
        ['x-own', 'b'],
      ],
    });
  expect((await raw(getOnce)).bytes).toMatch(
    /^HTTP\/1\.1 200 OK\r\nx-own: a\r\nx-own: b\r\ncontent-length: 13\r\n[\s\S]*\r\n\r\n\{"fine":true\}$/,
  );
  decide = () => streamed();
  expect((await raw(getOnce)).bytes).toMatch(
    /transfer-encoding: chunked\r\n[\s\S]*\r\n\r\n4\r\none \r\n4\r\ntwo \r\n5\r\nthree\r\n0\r\n\r\n$/,
  );
  await logged(4);
});

test('status 529 has its phrase, and an empty body its length', async () => {
  decide = () => whole('', { status: 529 });
  const response = await post();
  expect([response.status, response.statusText]).toEqual([529, 'Site Is Overloaded']);
  expect(response.headers.get('content-length')).toBe('0');
  expect(await response.text()).toBe('');
  await logged(2);
});

test('a cut ends the chunks and announces no length, a break never ends them', async () => {
  decide = () => ({ ...whole('half'), end: { how: 'short', atMs: 12 } });
  expect((await raw(getOnce)).bytes).toMatch(/chunked[\s\S]*4\r\nhalf\r\n0\r\n\r\n$/);
  decide = () => streamedUntil(2, 'fin');
  const fin = await raw(getOnce);
  expect(fin.bytes).toMatch(/4\r\ntwo \r\n$/);
  expect(fin.error).toBeNull();
  decide = () => streamedUntil(2, 'reset');
  const reset = await raw(getOnce);
  expect(reset.bytes).toMatch(/4\r\ntwo \r\n$/);
  expect(reset.error).toBe('ECONNRESET');
  expect(await logged(6)).toEqual([
    'headers',
    'short after 1',
    'headers',
    'fin after 2',
    'headers',
    'reset after 2',
  ]);
});

test('a connection that breaks before the headers sends not a byte', async () => {
  decide = () => ({ kind: 'broken', how: 'fin', atMs: 1 });
  expect(await raw(getOnce)).toEqual({ bytes: '', error: null });
  decide = () => ({ kind: 'broken', how: 'reset', atMs: 1 });
  expect(await raw(getOnce)).toEqual({ bytes: '', error: 'ECONNRESET' });
  const together: Partial<Answered> = { frames: frames('x'), times: [1], headersAtMs: 1 };
  decide = () => streamed({ ...together, end: { how: 'reset', atMs: 1 } });
  expect(await raw(getOnce)).toEqual({ bytes: '', error: 'ECONNRESET' });
  expect(await logged(3)).toEqual(['fin after 0', 'reset after 0', 'reset after 0']);
});

test('a client that gives up ends its attempt, before the headers and behind them', async () => {
  decide = () => silent;
  await expect(post({ signal: AbortSignal.timeout(20) })).rejects.toThrow();
  decide = () => streamedUntil(1, 'never');
  const response = await post();
  const reader = response.body?.getReader();
  await reader?.read();
  await reader?.cancel();
  expect(await logged(3)).toEqual(['aborted after 0', 'headers', 'aborted after 1']);
});

test('a mistake of the harness leaves the client without an answer', async () => {
  decide = () => {
    throw new HarnessError('no such host');
  };
  await expect(post({ signal: AbortSignal.timeout(50) })).rejects.toMatchObject({
    name: 'TimeoutError',
  });
  expect(failures.splice(0)).toEqual([new HarnessError('no such host')]);
  expect(server.log).toEqual([]);
});

test('a client that hangs up while it sends has made no request', async () => {
  seen.length = 0;
  await new Promise<void>((resolve) => {
    const socket = connect(loopback.port, '127.0.0.1', () => {
      socket.write('POST /x HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\nhalf', () => {
        socket.destroy();
      });
    }).on('close', () => resolve());
  });
  decide = () => whole('next');
  expect(await (await post()).text()).toBe('next');
  expect(seen).toHaveLength(1);
  expect(failures).toEqual([]);
});

test('it listens on this machine only, and a second one on a port in use says so', async () => {
  expect(loopback.origin('api.openai.com')).toBe(
    `http://127.0.0.1:${loopback.port}/api.openai.com`,
  );
  const { upstream } = server;
  const second = openLoopback({
    upstream,
    attribute: () => null,
    fail: () => {},
    port: loopback.port,
  });
  await expect(second).rejects.toMatchObject({ code: 'EADDRINUSE' });
});
