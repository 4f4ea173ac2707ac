import childProcess, { ChildProcess, exec, spawnSync as namedSpawnSync } from 'node:child_process';
import dgram from 'node:dgram';
import dns from 'node:dns';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import tls from 'node:tls';
import { promisify } from 'node:util';
import workerThreads, { Worker as NamedWorker } from 'node:worker_threads';
import { HttpResponse, http as mock } from 'msw';
import { setupServer } from 'msw/node';
import { fetch as undiciFetch, request as undiciRequest } from 'undici';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Departure } from '../../harness/network/departure.ts';
import { type Guard, installGuard } from '../../harness/network/guard.ts';
import { changed, globalState } from '../clock/virtual.ts';

// Captured before any guard, as a module that is loaded early would have them.
const early = {
  fetch,
  request: http.request,
  lookup: dns.lookup,
  lookupPromise: dns.promises.lookup,
  spawn: childProcess.spawn,
};
const EarlyWorker = workerThreads.Worker;
const HOST = 'host.invalid';
const NOTHING = 'process.exit(0)';

let connections = 0;
let datagrams = 0;
const server = http.createServer((_, response) => response.end('reached'));
const pipeServer = net.createServer(() => connections++);
const udpServer = dgram.createSocket('udp4', () => datagrams++);
const pipePath = join(tmpdir(), `firedrill-guard-${process.pid}.sock`);
let port = 0;
let udpPort = 0;

beforeAll(async () => {
  server.on('connection', () => connections++);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  await new Promise<void>((resolve) => pipeServer.listen(pipePath, resolve));
  await new Promise<void>((resolve) => udpServer.bind(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  udpPort = udpServer.address().port;
});
afterAll(() => {
  server.close();
  pipeServer.close();
  udpServer.close();
});

let reports: string[] = [];
let guard: Guard;
beforeEach(() => {
  connections = 0;
  datagrams = 0;
  reports = [];
  guard = installGuard((what) => reports.push(what));
});
afterEach(() => guard.uninstall());

const url = (): string => `http://127.0.0.1:${port}/v1/chat/completions`;
const failed = (emitter: NodeJS.EventEmitter): Promise<Error> =>
  new Promise((resolve) => emitter.once('error', resolve));
const get = (request: typeof http.request): Promise<Error> => failed(request(url()).end());

const connecting: [string, () => Promise<unknown>][] = [
  ['fetch', () => fetch(url())],
  ['a fetch that was captured early', () => early.fetch(url())],
  ['fetch of the undici package', () => undiciFetch(url())],
  ['request of the undici package', () => undiciRequest(url())],
  ['http.request', () => get(http.request).then(Promise.reject.bind(Promise))],
  [
    'an http.request that was captured early',
    () => get(early.request).then((e) => Promise.reject(e)),
  ],
  ['net.connect', () => failed(net.connect(port, '127.0.0.1')).then((e) => Promise.reject(e))],
  ['tls.connect', () => failed(tls.connect(port, '127.0.0.1')).then((e) => Promise.reject(e))],
  ['an IPv6 connection', () => failed(net.connect(port, '::1')).then((e) => Promise.reject(e))],
];

test.each(connecting)(
  '%s reaches nobody, fails, and is reported with host and port',
  async (_, go) => {
    const error = await go().catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(Error);
    expect(reports).toEqual([
      expect.stringMatching(new RegExp(`connect to (127\\.0\\.0\\.1|::1) port ${port}`)),
    ]);
    expect(connections).toBe(0);
  },
);

test('a unix socket is refused by its path', async () => {
  expect(await failed(net.connect(pipePath))).toMatchObject({ code: 'EPERM', syscall: 'connect' });
  expect(reports).toEqual([expect.stringContaining(pipePath)]);
  expect(connections).toBe(0);
});

const lookups: [string, () => Promise<unknown>][] = [
  ['dns.lookup', () => promisify(dns.lookup)(HOST)],
  ['a dns.lookup that was captured early', () => promisify(early.lookup)(HOST)],
  ['dns.promises.lookup', () => dns.promises.lookup(HOST, { all: true })],
  ['a dns.promises.lookup that was captured early', () => early.lookupPromise(HOST)],
  ['dns.resolve4', () => promisify(dns.resolve4)(HOST)],
  ['dns.promises.resolveTxt', () => dns.promises.resolveTxt(HOST)],
  ['a resolver of its own', () => new dns.promises.Resolver().resolveMx(HOST)],
  ['fetch', () => fetch(`https://${HOST}/`).catch(({ cause }) => Promise.reject(cause))],
];

test.each(lookups)('a name that %s looks up is refused and reported', async (_, lookup) => {
  await expect(lookup()).rejects.toMatchObject({ code: 'EPERM' });
  expect(reports).toEqual([expect.stringContaining(`look up ${HOST}`)]);
});

test('a reverse look-up is refused, an address that needs no look-up is not', async () => {
  await expect(dns.promises.lookupService('192.0.2.1', 80)).rejects.toMatchObject({
    code: 'EPERM',
  });
  await expect(dns.promises.reverse('192.0.2.1')).rejects.toMatchObject({ code: 'EPERM' });
  expect(reports).toHaveLength(2);
  expect(await dns.promises.lookup('127.0.0.1')).toMatchObject({ address: '127.0.0.1' });
  expect(reports).toHaveLength(2);
});

test('datagrams are refused, whether the socket is connected or not', async () => {
  const loose = dgram.createSocket('udp4');
  const sending = new Promise((resolve) => loose.send('x', udpPort, '127.0.0.1', resolve));
  expect(await sending).toMatchObject({ code: 'EPERM' });
  const connected = dgram.createSocket('udp4');
  connected.connect(udpPort, '127.0.0.1');
  expect(await failed(connected)).toMatchObject({ code: 'EPERM' });
  expect(reports).toEqual([1, 2].map(() => expect.stringContaining(`127.0.0.1 port ${udpPort}`)));
  loose.close();
  connected.close();
  expect(datagrams).toBe(0);
});

const starting: [string, () => unknown][] = [
  ['spawn', () => childProcess.spawn(process.execPath, ['-e', NOTHING])],
  ['a spawn that was captured early', () => early.spawn(process.execPath, ['-e', NOTHING])],
  ['exec', () => exec(`${process.execPath} -e "${NOTHING}"`)],
  ['fork', () => childProcess.fork('-e', [NOTHING], { execArgv: [] })],
  ['execFileSync', () => childProcess.execFileSync(process.execPath, ['-e', NOTHING])],
  ['execSync', () => childProcess.execSync(`${process.execPath} -e "${NOTHING}"`)],
  [
    'ChildProcess itself',
    () =>
      Reflect.get(ChildProcess.prototype, 'spawn').call(new ChildProcess(), {
        file: process.execPath,
        args: [process.execPath, '-e', NOTHING],
        stdio: 'ignore',
      }),
  ],
];

test.each(starting)(
  'a process that %s starts is refused and its command is reported',
  (_, start) => {
    expect(start).toThrow(expect.objectContaining({ code: 'EPERM' }));
    expect(reports).toHaveLength(1);
    expect(reports[0]).toContain(process.execPath);
    expect(reports[0]).toContain(NOTHING);
  },
);

test('spawnSync gives the refusal as its error, as Node gives all of them', () => {
  const result = namedSpawnSync(process.execPath, ['-e', NOTHING]);
  expect(result).toMatchObject({ error: { code: 'EPERM' }, status: null });
  expect(reports).toHaveLength(1);
});

test('a long command is cut in the report', () => {
  expect(() => childProcess.spawn('program', ['x'.repeat(5000)])).toThrow();
  expect(reports[0]?.length).toBeLessThan(400);
});

test('worker threads are refused, also of a class that was captured early', () => {
  const script = new URL('./nowhere.mjs', import.meta.url);
  expect(() => new workerThreads.Worker(script)).toThrow(
    expect.objectContaining({ code: 'EPERM' }),
  );
  expect(() => new NamedWorker(NOTHING, { eval: true })).toThrow('from code in a string');
  expect(() => new EarlyWorker(script)).toThrow(expect.objectContaining({ code: 'EPERM' }));
  expect(() => new (class extends EarlyWorker {})(script)).toThrow();
  expect(reports).toHaveLength(4);
  expect(reports[0]).toContain('nowhere.mjs');
});

test('what is allowed passes, with the addresses that an allowed look-up found', async () => {
  guard.uninstall();
  const asked: Departure[] = [];
  guard = installGuard(
    (what) => reports.push(what),
    (departure) => {
      asked.push(departure);
      return departure.what === 'localhost' || departure.kind === 'thread';
    },
  );
  const response = await fetch(url().replace('127.0.0.1', 'localhost'));
  expect(await response.text()).toBe('reached');
  expect(asked).toContainEqual({ kind: 'lookup', what: 'localhost' });
  const worker = new NamedWorker(NOTHING, { eval: true });
  expect(worker).toBeInstanceOf(EarlyWorker);
  await new Promise((resolve) => worker.on('exit', resolve));
  await expect(fetch(`http://192.0.2.1:${port}/`)).rejects.toThrow();
  expect(reports).toEqual([expect.stringContaining('192.0.2.1')]);
});

test('everything is the identical original afterwards, and works, also after a second time', async () => {
  guard.uninstall();
  const before = globalState();
  const base = Object.getPrototypeOf(EarlyWorker);
  for (let i = 0; i < 2; i++) {
    const again = installGuard((what) => reports.push(what));
    const during = changed(before, globalState()).length;
    again.uninstall();
    expect(during).toBeGreaterThan(15);
    expect(changed(before, globalState())).toEqual([]);
    expect(Object.getPrototypeOf(EarlyWorker)).toBe(base);
  }
  expect(await (await fetch(url())).text()).toBe('reached');
  expect(NamedWorker).toBe(EarlyWorker);
  expect(reports).toEqual([]);
});

test('requests that MSW answers pass unseen, and those that it does not know are refused', async () => {
  const network = setupServer(
    mock.get('http://api.invalid/known', () => HttpResponse.text('mocked')),
  );
  network.listen({ onUnhandledFrame: 'bypass' });
  try {
    expect(await (await fetch('http://api.invalid/known')).text()).toBe('mocked');
    const answer = await new Promise<http.IncomingMessage>((resolve) =>
      http.get('http://api.invalid/known', resolve),
    );
    expect(answer.statusCode).toBe(200);
    answer.resume();
    expect(reports).toEqual([]);
    await expect(fetch(url())).rejects.toThrow();
    expect(reports.length).toBeGreaterThan(0);
    expect(connections).toBe(0);
  } finally {
    network.close();
  }
});

test('in a worker thread it refuses too, and Node warns of nothing', async () => {
  guard.uninstall();
  const code = `
    import { parentPort } from 'node:worker_threads';
    const warnings = [];
    process.on('warning', (warning) => warnings.push(warning.code));
    const { installGuard } = await import(${JSON.stringify(new URL('../../harness/network/guard.ts', import.meta.url).href)});
    const reports = [];
    installGuard((what) => reports.push(what));
    await fetch('${url()}').catch(() => {});
    await new Promise((resolve) => setImmediate(resolve));
    parentPort.postMessage({ reports, warnings });`;
  const worker = new NamedWorker(new URL(`data:text/javascript,${encodeURIComponent(code)}`), {
    execArgv: ['--pending-deprecation', '--import', 'tsx'],
  });
  const said = await new Promise<{ reports: string[]; warnings: string[] }>((resolve, reject) => {
    worker.once('message', resolve);
    worker.once('error', reject);
  });
  await worker.terminate();
  expect(said.reports).toEqual([expect.stringContaining(`127.0.0.1 port ${port}`)]);
  expect(said.warnings).not.toContain('DEP0111');
  expect(connections).toBe(0);
});
