// What people do with a response, over real sockets and in virtual time: one must be the other.
import { text as textOfStream } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Loopback } from '../../harness/network/loopback.ts';
import { openLoopback } from '../../harness/network/loopback.ts';
import { behind, onStage, streamed, whole } from '../stage.ts';

const url = 'https://api.openai.com/v1/chat/completions';
const post = { method: 'POST', body: '{}' };

/** The error of what must fail. */
async function failure(of: Promise<unknown>): Promise<unknown> {
  return of.then(
    () => {
      throw new Error('it did not fail');
    },
    (reason: unknown) => reason,
  );
}

describe('a response is used as over real sockets', () => {
  /** What people do with a response: the same over real sockets and in virtual time. */
  const uses: Record<string, (response: Response) => unknown> = {
    'read as text': (response) => response.text(),
    'read as bytes': async (response) => [...new Uint8Array(await response.arrayBuffer())],
    'read as a blob': async (response) => (await response.blob()).size,
    'read as JSON that it is not': async (response) =>
      ((await failure(response.json())) as Error).name,
    'read twice': async (response) => {
      await response.text();
      const error = (await failure(response.text())) as Error;
      return [response.bodyUsed, error.name, error.message];
    },
    'cloned, both read': async (response) => {
      const copy = response.clone();
      return [await response.text(), await copy.text(), copy.status];
    },
    'cloned after it was read': async (response) => {
      await response.text();
      return (await failure((async () => response.clone())())) as Error;
    },
    'teed, both read': async (response) => {
      const [left, right] = response.body?.tee() ?? [];
      return Promise.all([left, right].map((side) => textOfStream(side as never)));
    },
    'locked by a reader, then read as text': async (response) => {
      response.body?.getReader();
      return ((await failure(response.text())) as Error).message;
    },
    'read into memory of the reader': async (response) => {
      const reader = response.body?.getReader({ mode: 'byob' });
      const { value } = (await reader?.read(new Uint8Array(8))) ?? {};
      return new TextDecoder().decode(value);
    },
    'piped through a decoder': (response) =>
      textOfStream(response.body?.pipeThrough(new TextDecoderStream()) as never),
    'asked where it is from, and its copies too': (response) => {
      const copy = response.clone();
      return [response, copy, copy.clone()].map((one) => ({
        query: new URL(one.url).search,
        fragment: one.url.includes('#'),
        type: one.type,
        isResponse: one instanceof Response && one.constructor === Response,
        written: String(one),
      }));
    },
    'asked for its state': ({ ok, status, statusText, redirected, bodyUsed, headers }) => ({
      ok,
      status,
      statusText,
      redirected,
      bodyUsed,
      type: headers.get('content-type'),
      length: headers.get('content-length'),
      encoding: headers.get('transfer-encoding'),
    }),
  };
  const deliveries = {
    stream: streamed(),
    whole: whole('{"a": nonsense'),
    empty: whole(''),
    overloaded: whole('Overloaded', { status: 529 }),
  };
  const real = behind(
    ({ url: asked }) => deliveries[new URL(asked).pathname.slice(1) as keyof typeof deliveries],
  );
  let loopback: Loopback;
  beforeAll(async () => {
    const { upstream } = real;
    loopback = await openLoopback({ upstream, attribute: () => null, fail: () => {} });
  });
  afterAll(() => loopback.close());

  const pairs = Object.keys(uses).flatMap((use) =>
    Object.keys(deliveries).map((kind) => [use, kind] as [string, keyof typeof deliveries]),
  );
  test.each(pairs)('%s (%s)', async (use, kind) => {
    const run = uses[use] as (response: Response) => unknown;
    const { value } = await onStage(
      () => deliveries[kind],
      async () => run(await fetch(`${url}?a=b#part`, post)),
    );
    expect(value).toEqual(await run(await fetch(`${loopback.origin('x')}/${kind}?a=b#part`, post)));
  });
});
