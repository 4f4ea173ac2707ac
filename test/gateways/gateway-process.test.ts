import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HarnessError, InputError } from '../../harness/errors.ts';
import type { GatewayProgram } from '../../harness/gateways/gateway-process.ts';
import { startGatewayProcess } from '../../harness/gateways/gateway-process.ts';
import { isListening, processesOf, processesWith } from './left-over.ts';

const fake = join(import.meta.dirname, 'fake-gateway.mjs');
let dir: string;

beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'firedrill-gateway-'));
});
afterEach(() => rmSync(dir, { recursive: true, force: true }));

/** The folder is in its words, so that its processes can be found. */
function program(how: string, change: Partial<GatewayProgram> = {}): GatewayProgram {
  return {
    name: 'fake',
    command: (port) => [process.execPath, fake, String(port), how, dir],
    environment: {},
    secrets: { SOME_KEY: 'sk-canary' },
    healthPath: '/health',
    startMs: 20_000,
    ...change,
  };
}

const never = (): AbortSignal => new AbortController().signal;
const start = (how: string, change: Partial<GatewayProgram> = {}) =>
  startGatewayProcess({ dir, signal: never() }, program(how, change));

async function failure(of: Promise<unknown>): Promise<Error> {
  return of.then(
    () => {
      throw new Error('it did not fail');
    },
    (error: Error) => error,
  );
}

async function eventually(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 20));
}

describe('a gateway that starts', () => {
  it('is asked where it listens, and nothing of it is left when it is stopped', async () => {
    const running = await start('well');
    const port = Number(new URL(running.baseURL).port);
    expect(running.baseURL).toBe(`http://127.0.0.1:${port}/v1`);
    expect(await isListening(port)).toBe(true);
    expect(processesOf(running.group).length).toBeGreaterThanOrEqual(3);
    await running.stop();
    await running.stop();
    expect(processesOf(running.group)).toEqual([]);
    expect(processesWith(dir)).toEqual([]);
    expect(await isListening(port)).toBe(false);
  });

  it('knows the variables that it is given, and none of the rest', async () => {
    process.env.FIREDRILL_TEST_SECRET = 'real';
    const running = await start('well', { environment: { MODE: 'a' } });
    delete process.env.FIREDRILL_TEST_SECRET;
    await running.stop();
    const [, names = ''] = /sk-canary, (.*)/.exec(readFileSync(running.logFile, 'utf8')) ?? [];
    const usual = ['PWD', 'OLDPWD', 'SHLVL', '_', '__CF_USER_TEXT_ENCODING'];
    expect(names.split(',').filter((name) => !usual.includes(name))).toEqual(
      ['HOME', 'LANG', 'MODE', 'PATH', 'SOME_KEY'].sort(),
    );
  });

  it('is killed where it does not want to go', async () => {
    const running = await start('stubborn');
    await running.stop();
    expect(processesOf(running.group)).toEqual([]);
  });

  it('is stopped by an abort, which is no crash', async () => {
    const abort = new AbortController();
    const running = await startGatewayProcess({ dir, signal: abort.signal }, program('well'));
    let crash: HarnessError | null = null;
    running.crashed.then((error) => {
      crash = error;
    });
    abort.abort();
    await eventually(() => processesOf(running.group).length === 0);
    await running.stop();
    expect(crash).toBeNull();
  });

  it('is told to have crashed when it ends by itself, with what it started', async () => {
    const running = await start('well');
    await fetch(running.baseURL.replace('/v1', '/crash'));
    const error = await running.crashed;
    expect(error).toBeInstanceOf(HarnessError);
    expect(error.message).toMatch(/^fake ended with code 7 while it was in use \(it said last: /);
    expect(error.message).toContain(`; its log is ${running.logFile}`);
    expect(error.message).not.toContain('sk-canary');
    expect(processesOf(running.group)).toEqual([]);
    await running.stop();
  });

  it('does not outlive a process that started it, however that ends', async () => {
    const source = `
      import { startGatewayProcess } from '${join(import.meta.dirname, '../../harness/gateways/gateway-process.ts')}';
      const { group } = await startGatewayProcess(
        { dir: '${dir}', signal: new AbortController().signal },
        {
          name: 'fake',
          command: (port) => [process.execPath, '${fake}', String(port), 'stubborn'],
          environment: {}, secrets: {}, healthPath: '/', startMs: 20000,
        },
      );
      console.log(group);
      setInterval(() => {}, 1000);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', source]);
    const group = await new Promise<number>((resolve) => {
      parent.stdout.once('data', (data) => resolve(Number(data)));
    });
    expect(processesOf(group).length).toBeGreaterThanOrEqual(3);
    parent.kill('SIGKILL');
    await eventually(() => processesOf(group).length === 0);
  });
});

describe('a gateway that does not start', () => {
  it('says that the port is taken, and which', async () => {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const error = await failure(
      startGatewayProcess({ dir, port, signal: never() }, program('well')),
    );
    expect(error).toBeInstanceOf(InputError);
    expect(error.message).toBe(
      `fake cannot start: port ${port} of 127.0.0.1 is taken; write another, or none for a free one`,
    );
    expect(processesWith(dir)).toEqual([]);
    await new Promise((resolve) => server.close(resolve));
  });

  it('says how it ended and what it said last, without keys', async () => {
    const error = await failure(start('crashes'));
    expect(error).toBeInstanceOf(HarnessError);
    expect(error.message).toBe(
      `fake does not start: it ended with code 3 (it said last: cannot read the configuration ***); its log is ${join(dir, 'fake.log')}`,
    );
    expect(processesWith(dir)).toEqual([]);
  });

  it('says so where there is no such program', async () => {
    const command = (): string[] => [join(dir, 'no-such-program')];
    const error = await failure(start('well', { command }));
    expect(error.message).toMatch(/^fake does not start: it ended with code 127 /);
  });

  it.each(['sick', 'silent'])('is given up when it is never healthy: %s', async (how) => {
    const error = await failure(start(how, { startMs: 700 }));
    expect(error).toBeInstanceOf(HarnessError);
    expect(error.message).toMatch(/^fake does not start: it is not healthy after 0\.7s .* its log/);
    expect(processesWith(dir)).toEqual([]);
  });

  it('is ended by an abort, with all that it started', async () => {
    const abort = new AbortController();
    const starting = startGatewayProcess({ dir, signal: abort.signal }, program('silent'));
    await eventually(() => processesWith(dir).length > 0);
    abort.abort(new Error('enough'));
    expect((await failure(starting)).message).toBe('enough');
    expect(processesWith(dir)).toEqual([]);
    const late = startGatewayProcess({ dir, signal: abort.signal }, program('well'));
    expect((await failure(late)).message).toBe('enough');
  });
});
