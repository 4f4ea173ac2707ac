import http, { get as namedGet } from 'node:http';
import https from 'node:https';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { HarnessError } from '../../harness/errors.ts';
import { installGuard } from '../../harness/network/guard.ts';
import type { Loopback } from '../../harness/network/loopback.ts';
import { openLoopback } from '../../harness/network/loopback.ts';
import { callScope, enableNetwork } from '../../harness/network/network.ts';
import type { Delivery } from '../../harness/upstream/delivery.ts';
import { changed, globalState } from '../clock/virtual.ts';
import type { Asking } from '../contract/node-http-client.ts';
import { askOverHttp } from '../contract/node-http-client.ts';
import { behind, onStage, silent, streamed, streamedUntil, whole } from '../stage.ts';

const url = 'https://api.openai.com/v1/chat/completions';
const closed = (complete: boolean, characters: number): string =>
  `response closed, complete: ${complete}, ${characters} characters`;
const broken = ['response aborted', 'response error: Error ECONNRESET aborted'];
const hungUp = 'request error: Error ECONNRESET socket hang up';
const resetByPeer = 'request error: Error ECONNRESET read ECONNRESET';
const gaveUp = ['timeout', 'request error: Error - gave up'];

interface Case {
  delivery: Delivery;
  asking?: Asking;
  /** All that the client is told. */
  told: string[];
  /** What the provider knows in the end. */
  log: string[];
}

const cases: Record<string, Case> = {
  'a body at once': {
    delivery: whole('{"answer":42}'),
    told: ['status 200 OK', 'end after 13', closed(true, 13)],
    log: ['headers', 'complete after 1'],
  },
  'an empty body': {
    delivery: whole(''),
    told: ['status 200 OK', 'end after 0', closed(true, 0)],
    log: ['headers', 'complete after 0'],
  },
  'a rejection': {
    delivery: whole('{"error":{}}', { status: 429 }),
    told: ['status 429 Too Many Requests', 'end after 12', closed(true, 12)],
    log: ['headers', 'complete after 1'],
  },
  'a stream': {
    delivery: streamed(),
    told: ['status 200 OK', 'end after 13', closed(true, 13)],
    log: ['headers', 'complete after 3'],
  },
  'a stream that ends early and cleanly': {
    delivery: streamedUntil(2, 'short'),
    told: ['status 200 OK', 'end after 8', closed(true, 8)],
    log: ['headers', 'short after 2'],
  },
  'a reset before the headers': {
    delivery: { kind: 'broken', how: 'reset', atMs: 10 },
    told: [resetByPeer],
    log: ['reset after 0'],
  },
  'a FIN before the headers': {
    delivery: { kind: 'broken', how: 'fin', atMs: 10 },
    told: [hungUp],
    log: ['fin after 0'],
  },
  'a reset in the middle': {
    delivery: streamedUntil(2, 'reset'),
    told: ['status 200 OK', resetByPeer, ...broken, closed(false, 8)],
    log: ['headers', 'reset after 2'],
  },
  'a FIN in the middle': {
    delivery: streamedUntil(2, 'fin'),
    told: ['status 200 OK', ...broken, closed(false, 8)],
    log: ['headers', 'fin after 2'],
  },
  'silence, and a socket timeout': {
    delivery: silent,
    asking: { timeoutMs: 400 },
    told: [...gaveUp],
    log: ['aborted after 0'],
  },
  'silence in the middle, and a socket timeout': {
    delivery: streamedUntil(1, 'never'),
    asking: { timeoutMs: 400 },
    told: ['status 200 OK', ...gaveUp, ...broken, closed(false, 4)],
    log: ['headers', 'aborted after 1'],
  },
  'silence, and a client that gives up': {
    delivery: silent,
    asking: { abortAfterMs: 300 },
    told: [hungUp],
    log: ['aborted after 0'],
  },
  'silence in the middle, and a client that gives up': {
    delivery: streamedUntil(1, 'never'),
    asking: { abortAfterMs: 300 },
    told: ['status 200 OK', ...broken, closed(false, 4)],
    log: ['headers', 'aborted after 1'],
  },
};
const names = Object.keys(cases);

describe('a client over node:http is told the same', () => {
  let loopback: Loopback;
  const real = behind((request) => {
    const name = decodeURIComponent(new URL(request.url).pathname.slice(1));
    return cases[name]?.delivery ?? whole('');
  });
  beforeAll(async () => {
    const { upstream } = real;
    loopback = await openLoopback({ upstream, attribute: () => null, fail: () => {} });
  });
  afterAll(() => loopback.close());

  test.concurrent.each(names)('over real sockets: %s', async (name) => {
    const { told, asking } = cases[name] as Case;
    const origin = loopback.origin('api.openai.com');
    const agent = new http.Agent({ keepAlive: true });
    expect(
      await askOverHttp(`${origin}/${encodeURIComponent(name)}`, {}, { ...asking, agent }),
    ).toEqual(told);
  });

  test.each(names)('in virtual time: %s', async (name) => {
    const { delivery, told, asking, log } = cases[name] as Case;
    const reports: string[] = [];
    const guard = installGuard((what) => reports.push(what));
    try {
      const agent = new https.Agent({ keepAlive: true });
      let asked = 0;
      const trial = await onStage(
        () => (++asked % 2 === 1 ? whole('') : delivery),
        async () => {
          const all: string[][] = [];
          // On a kept connection, and once more after what the first has left.
          for (let time = 1; time <= 2; time++) {
            await askOverHttp(url, {}, { agent });
            all.push(await askOverHttp(url, {}, { ...asking, agent }));
          }
          return all;
        },
      );
      expect(trial.value).toEqual([told, told]);
      const each = ['headers', 'complete after 0', ...log];
      expect(trial.log).toEqual([...each, ...each]);
      expect([trial.failures, reports, trial.timersLeft]).toEqual([[], [], 0]);
      expect(trial.virtualMs).toBeGreaterThanOrEqual(asking ? 600 : 20);
      expect(trial.virtualMs).toBeLessThan(900);
    } finally {
      guard.uninstall();
    }
  });
});

test('calls that share a kept connection keep their own attempts, retries in callbacks too', async () => {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 2 });
  const seen: string[] = [];
  const asked = new Map<string, number>();
  const trial = await onStage(
    ({ body }, from) => {
      seen.push(`${JSON.parse(body).call} ${from?.call}`);
      const times = (asked.get(body) ?? 0) + 1;
      asked.set(body, times);
      return times === 1 ? { kind: 'broken', how: 'reset', atMs: 5 } : whole('{"fine":true}');
    },
    async () => {
      const ask = (call: number): Promise<string> =>
        new Promise((resolve) => {
          const request = https.request(url, { method: 'POST', agent }, (response) => {
            resolve(text(response));
          });
          // As people write it: the retry begins inside the callback of the error.
          request.on('error', () => resolve(ask(call)));
          request.end(JSON.stringify({ call }));
        });
      const calls = Array.from({ length: 12 }, (_, index) => index + 1);
      return Promise.all(
        calls.map((call) => callScope.run({ call, sample: 's' }, () => ask(call))),
      );
    },
  );
  expect(trial.value).toEqual(Array(12).fill('{"fine":true}'));
  expect(seen).toHaveLength(24);
  for (const line of seen) expect(line).toMatch(/^(\d+) \1$/);
});

test('a connection that was kept tells of a break as a new one does, and collects nothing', async () => {
  const agent = new https.Agent({ keepAlive: true, maxSockets: 1 });
  const sockets = new Set<unknown>();
  const warnings: Error[] = [];
  const note = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', note);
  let asked = 0;
  const trial = await onStage(
    () => (++asked <= 12 ? whole('{}') : streamedUntil(2, 'reset')),
    async () => {
      agent.on('free', (socket) => sockets.add(socket));
      for (let call = 1; call <= 12; call++) await askOverHttp(url, {}, { agent });
      return askOverHttp(url, {}, { agent });
    },
  );
  process.off('warning', note);
  expect(sockets.size).toBe(1);
  expect(trial.value).toEqual(cases['a reset in the middle']?.told);
  expect(warnings).toEqual([]);
});

test('who asks again where the answer broke asks anew, as often as it takes', async () => {
  const warnings: Error[] = [];
  const note = (warning: Error): void => {
    warnings.push(warning);
  };
  process.on('warning', note);
  const retried = (times: number): Promise<string> =>
    new Promise((resolve) => {
      const request = https.request(url, { method: 'POST' }, (response) => {
        response.on('error', () => resolve(retried(times + 1)));
        response.on('end', () => resolve(`answered after ${times}`)).resume();
      });
      request.on('error', () => {});
      request.end(JSON.stringify({ times }));
    });
  let asked = 0;
  const trial = await onStage(
    () => (++asked <= 12 ? streamedUntil(1, asked % 2 ? 'fin' : 'reset') : whole('{}')),
    () => retried(0),
  );
  process.off('warning', note);
  expect(trial.value).toBe('answered after 12');
  expect(warnings).toEqual([]);
});

test('a mistake of the harness leaves the request without an answer', async () => {
  const told: string[] = [];
  const trial = await onStage(
    () => {
      throw new HarnessError('no recording');
    },
    () => askOverHttp(url, {}).then((log) => told.push(...log)),
  );
  expect(trial.failures).toEqual([expect.objectContaining({ message: 'no recording' })]);
  expect(told).toEqual([]);
});

test('named imports are intercepted; until the first request all globals of fetch are Node’s', async () => {
  const before = globalState();
  const { Headers: own } = globalThis;
  const network = await enableNetwork();
  expect(globalThis.Headers).toBe(own);
  const trial = await onStage(
    () => whole('named'),
    () =>
      new Promise<string>((resolve) =>
        namedGet(url.replace('https', 'http'), (r) => resolve(text(r))),
      ),
    { network },
  );
  expect(trial.value).toBe('named');
  expect(globalThis.Headers).not.toBe(own);
  await network.disable();
  expect(globalThis.Headers).toBe(own);
  expect(changed(before, globalState())).toEqual([]);
  expect(namedGet).toBe(http.get);
});
