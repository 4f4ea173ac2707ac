import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import { describe, expect, test } from 'vitest';
import { callScope, enableNetwork } from '../../harness/network/network.ts';
import type { RawRequest } from '../../harness/wires/wire.ts';
import { onStage, silent, streamed, whole } from '../stage.ts';

const url = 'https://api.openai.com/v1/chat/completions';
const body = JSON.stringify({ model: 'gpt-4o', messages: [{ role: 'user', content: 'Hello?' }] });

describe('fetch', () => {
  test('that was captured before the trial began is drilled, with the call that it belongs to', async () => {
    const network = await enableNetwork();
    const captured = globalThis.fetch;
    const trial = await onStage(
      () => whole('{"fine":true}'),
      async () => {
        const calls = [1, 2, 3].map((call) =>
          callScope.run({ call, sample: 's' }, () => captured(url, { method: 'POST', body })),
        );
        const responses = await Promise.all(calls);
        return Promise.all(responses.map((response) => response.json()));
      },
      { network },
    );
    expect(trial.value).toEqual([{ fine: true }, { fine: true }, { fine: true }]);
    expect(trial.calls).toEqual([1, 2, 3]);
    await network.disable();
  });

  test('is Node’s own again once the network is disabled', async () => {
    const { fetch: own } = globalThis;
    const network = await enableNetwork();
    expect(globalThis.fetch).not.toBe(own);
    await network.disable();
    expect(globalThis.fetch).toBe(own);
  });

  const form = new FormData();
  form.set('prompt', 'Hello?');
  const bodies: [string, () => RequestInit & { duplex?: 'half' }, string | RegExp][] = [
    ['a text', () => ({ body: 'text' }), 'text'],
    ['bytes', () => ({ body: new TextEncoder().encode('bytes') }), 'bytes'],
    ['a blob', () => ({ body: new Blob(['blob']) }), 'blob'],
    ['form fields', () => ({ body: new URLSearchParams({ a: 'b c' }) }), 'a=b+c'],
    ['a form', () => ({ body: form }), /name="prompt"\r\n\r\nHello\?/],
    ['a stream', () => ({ body: new Blob(['stream']).stream(), duplex: 'half' }), 'stream'],
    ['nothing', () => ({}), ''],
  ];
  test.each(bodies)('sends %s', async (_, init, expected) => {
    const seen: RawRequest[] = [];
    const headers = { 'X-Own': 'kept', authorization: 'Bearer key' };
    const decide = (request: RawRequest): ReturnType<typeof whole> => {
      seen.push(request);
      return whole('ok');
    };
    const ask = { method: 'post', headers, ...init() };
    await onStage(decide, async () => (await fetch(url, ask)).text());
    await onStage(decide, async () =>
      (await fetch(new Request(url, { ...ask, ...init() }))).text(),
    );
    await onStage(decide, async () => (await fetch(new URL(url), { ...ask, ...init() })).text());
    expect(seen).toHaveLength(3);
    for (const request of seen) {
      expect(request).toMatchObject({ method: 'POST', url });
      expect(request.header('x-own')).toBe('kept');
      expect(request.body).toEqual(
        typeof expected === 'string' ? expected : expect.stringMatching(expected),
      );
    }
  });

  const refused: [string, () => Promise<Response>][] = [
    ['a path without a host', () => fetch('/v1/chat/completions')],
    ['a body in a GET', () => fetch(url, { body: 'x' })],
    ['a name and password in the URL', () => fetch('https://me:secret@api.openai.com/v1')],
    ['a header that cannot be one', () => fetch(url, { headers: { 'a b': 'c' } })],
    [
      'a stream without duplex',
      () => fetch(url, { method: 'POST', body: new Blob(['x']).stream() }),
    ],
    ['a file', () => fetch('file:///etc/hostname')],
  ];
  test.each(refused)('refuses %s as Node does, without asking anybody', async (_, ask) => {
    const told = (asked: Promise<unknown>): Promise<unknown> =>
      asked.catch((error: Error) => [error.name, error.message]);
    const trial = await onStage(
      () => whole('?'),
      () => told(ask()),
    );
    expect(trial.value).toEqual(await told(ask()));
    expect([trial.calls, trial.failures]).toEqual([[], []]);
  });

  test('reads what is in the URL itself without a network', async () => {
    const trial = await onStage(
      () => whole('?'),
      async () => (await fetch('data:,here')).text(),
    );
    expect([trial.value, trial.calls]).toEqual(['here', []]);
  });

  test('whose body breaks while it is sent rejects, and is no request', async () => {
    const broken = new ReadableStream({
      pull: (controller) => controller.error(new Error('disk')),
    });
    const trial = await onStage(
      () => whole('?'),
      () =>
        fetch(url, { method: 'POST', body: broken, duplex: 'half' } as RequestInit).catch((e) => e),
    );
    expect(trial.value).toMatchObject({ message: 'fetch failed', cause: { message: 'disk' } });
    expect([trial.calls, trial.failures]).toEqual([[], []]);
  });

  test('whose body never ends can be aborted', async () => {
    const endless = new ReadableStream({ pull: () => new Promise(() => {}) });
    const trial = await onStage(
      () => whole('?'),
      () => {
        const signal = AbortSignal.timeout(500);
        const init = { method: 'POST', body: endless, signal, duplex: 'half' };
        return fetch(url, init as RequestInit).catch((error: unknown) => error);
      },
    );
    expect(trial.value).toMatchObject({ name: 'TimeoutError' });
    expect([trial.calls, trial.virtualMs]).toEqual([[], 500]);
  });
});

test('a header that asks the interception to step aside is a header like any other', async () => {
  const headers = { accept: 'msw/passthrough' };
  const trial = await onStage(
    () => whole('served'),
    async () => (await fetch(url, { headers })).text(),
  );
  expect(trial.failures).toEqual([]);
  expect(trial.value).toContain('served');
});

describe('a mistake of the harness never reaches the chain', () => {
  test('a bug in what decides', async () => {
    const trial = await onStage(
      () => {
        throw new TypeError('undefined is not a function');
      },
      () => fetch(url, { method: 'POST', body }),
    );
    expect(trial.failures).toEqual([new TypeError('undefined is not a function')]);
    expect(trial.value).toBeUndefined();
  });
});

test('without a trial nothing is answered, and it is told who asked', async () => {
  const strays: string[] = [];
  const network = await enableNetwork((error) => strays.push(error.message));
  let settled = false;
  fetch(url).finally(() => {
    settled = true;
  });
  await new Promise((resolve) => setImmediate(resolve));
  expect(strays).toEqual([expect.stringContaining(`${url} was made while no trial was running`)]);
  expect(settled).toBe(false);
  await network.disable();
});

test('what a trial left open stays open, and a later trial does not see it', async () => {
  const network = await enableNetwork();
  const first = await onStage(
    () => silent,
    () => {
      fetch(url, { method: 'POST', body });
      return new Promise((resolve) => setTimeout(resolve, 100));
    },
    { network },
  );
  const second = await onStage(
    () => streamed(),
    async () => (await fetch(url)).text(),
    { network },
  );
  expect([first.log, second.log]).toEqual([[], ['headers', 'complete after 3']]);
  expect(second.value).toBe('one two three');
  await network.disable();
});

test('what was captured before the network is stopped by the guard', async () => {
  const server = createServer((_, response) => response.end('reached')).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  let connections = 0;
  server.on('connection', () => connections++);
  const { port } = server.address() as AddressInfo;
  const program = fileURLToPath(new URL('escape-worker.ts', import.meta.url));
  const worker = new Worker(program, {
    execArgv: ['--import', 'tsx'],
    workerData: { origin: `http://127.0.0.1:${port}/` },
  });
  const told = await new Promise<{
    seen: Record<string, string>;
    reports: string[];
    failures: string[];
  }>((resolve, reject) => worker.once('message', resolve).once('error', reject));
  await worker.terminate();
  await new Promise((resolve) => server.close(resolve));
  expect(told.seen).toEqual({
    'early fetch': 'fetch failed',
    'early http.request': expect.stringContaining('EPERM'),
    'fetch of the undici package': 'fetch failed',
    'drilled fetch': 'drilled',
  });
  expect(told.reports).toEqual(
    Array(3).fill(
      expect.stringContaining(`connect to 127.0.0.1 port ${port}, past the interception`),
    ),
  );
  expect([told.failures, connections]).toEqual([[], 0]);
});
