// A chain behind an address, in real time: seconds of the wall, over real sockets. The service is a
// small one of our own making, with the official SDKs in it, that knows nothing of firedrill.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { drillKeys } from '../../harness/trial/drill-keys.ts';
import { firedrill } from '../cli.ts';
import { drill, writeScenario } from '../drills.ts';

const dir = mkdtempSync(join(tmpdir(), 'firedrill-real-'));
afterAll(() => rmSync(dir, { recursive: true, force: true }));

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const server = createServer();
  const port = await listening(server);
  await new Promise((resolve) => server.close(resolve));
  return port;
}

function listening(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () => resolve((server.address() as AddressInfo).port));
  });
}

interface Asked {
  messages: { role: 'system' | 'user'; content: string }[];
}

/** Asks OpenAI, and Claude where that fails; answers as OpenAI does. */
function service(providers: number) {
  const root = `http://127.0.0.1:${providers}`;
  const openai = new OpenAI({
    apiKey: drillKeys.openai ?? '',
    baseURL: `${root}/api.openai.com/v1`,
    maxRetries: 0,
  });
  const anthropic = new Anthropic({
    apiKey: drillKeys.anthropic ?? '',
    baseURL: `${root}/api.anthropic.com`,
    maxRetries: 0,
  });
  const claude = async ({ messages }: Asked) => {
    const { content } = await anthropic.messages.create({
      model: 'claude-3-5-sonnet-latest',
      max_tokens: 1024,
      messages: [{ role: 'user', content: messages.at(-1)?.content ?? '' }],
    });
    const text = content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    return { model: 'claude-3-5-sonnet-latest', choices: [{ message: { content: text } }] };
  };
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    let body = '';
    for await (const part of request) body += part;
    const asked: Asked = JSON.parse(body);
    const answer = await openai.chat.completions
      .create({ model: 'gpt-4o', messages: asked.messages })
      .catch(() => claude(asked));
    response.setHeader('content-type', 'application/json').end(JSON.stringify(answer));
  };
}

let providers = 0;
let address = '';
let server: Server;

beforeAll(async () => {
  providers = await freePort();
  const answer = service(providers);
  server = createServer((request, response) => {
    answer(request, response).catch(() => response.writeHead(502).end('{"error":"all failed"}'));
  });
  address = `http://127.0.0.1:${await listening(server)}/v1`;
});
afterAll(() => {
  server.close();
  server.closeAllConnections();
});

let files = 0;

function chainFile(more = '', url = address): string {
  const file = join(dir, `service-${++files}.yaml`);
  const targets = 'targets: [openai/gpt-4o, anthropic/claude-3-5-sonnet-latest]';
  writeFileSync(file, `http: ${url}\n${targets}\nstream: false\nport: ${providers}\n${more}`);
  return file;
}

const outage = () =>
  writeScenario(dir, 'outage', {
    arrival: { rate: '4/s', for: '4s' },
    faults: [{ inject: 'server-error', status: 503, on: { provider: 'openai' }, from: '2s' }],
    thresholds: { availability: '== 100%' },
  });

describe('a service behind an address', () => {
  it('is drilled over real sockets, and every attempt belongs to a call', async () => {
    const out = join(dir, 'outage');
    const { report } = await drill({ chain: chainFile(), scenarios: [outage()], out });
    const [row] = report?.scenarios ?? [];
    expect(row).toMatchObject({ clock: 'real', availability: 1 });
    expect(Object.keys(row?.served_by ?? {}).sort()).toEqual([
      'anthropic/claude-3-5-sonnet-latest',
      'openai/gpt-4o',
    ]);
    expect(row?.invariants.I13?.status).toBe('held');
    const events = readFileSync(join(out, 'history.jsonl'), 'utf8')
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line));
    const attempts = events.filter(({ e }) => e === 'attempt');
    expect(attempts.length).toBeGreaterThan(events.filter(({ e }) => e === 'call').length);
    expect(attempts.filter(({ call }) => call === null)).toEqual([]);
  });

  it('has its calls brought back by the words that a report has for it', async () => {
    const [words, cwd] = [['replay', outage(), '--chain', chainFile(), '--call', '1'], dir];
    const said = await firedrill(words, cwd);
    expect(said, said.err).toMatchObject({ code: 0 });
    expect(said.out).toMatch(/^call 1 [\s\S]*attempt 1 {2}openai\/gpt-4o \(openai-chat, whole/);
  });

  it('is no chain whose targets can be asked one by one', async () => {
    const said = await firedrill(['portability', '--chain', chainFile()], dir);
    expect(said.code).toBe(2);
    expect(said.err).toMatch(/is an address: give the chain behind it, as \.yaml or code/);
  });

  it('is not waited for longer than twice the deadline where it hangs', async () => {
    const stall = writeScenario(dir, 'stall', {
      arrival: { rate: '2/s', for: '1s' },
      limits: { deadline: '1s' },
      faults: [{ inject: 'stall', at: 'headers', on: { provider: 'openai' } }],
    });
    const out = join(dir, 'stall');
    const { report } = await drill({ chain: chainFile(), scenarios: [stall], out });
    const [row] = report?.scenarios ?? [];
    expect(row?.outcomes.hung).toBe(row?.calls);
    expect(row?.virtual_ms).toBeLessThan(5_000);
  });

  it('that is not there is one clear error, and so is a port that is taken', async () => {
    const gone = chainFile('', `http://127.0.0.1:${await freePort()}/v1`);
    await expect(
      drill({ chain: gone, scenarios: [outage()], out: join(dir, 'gone') }),
    ).rejects.toThrow(/nothing answers at http.*: start it first, with its providers played here/);
    const taken = createServer();
    await new Promise<void>((resolve) => taken.listen(providers, '127.0.0.1', resolve));
    await expect(
      drill({ chain: chainFile(), scenarios: [outage()], out: join(dir, 'taken') }),
    ).rejects.toThrow(`cannot be played on port ${providers}: listen EADDRINUSE`);
    await new Promise((resolve) => taken.close(resolve));
  });

  it('is told what is wrong with its chain file', async () => {
    const run = (more: string, url?: string) =>
      drill({ chain: chainFile(more, url), scenarios: [outage()], out: join(dir, 'bad') });
    await expect(async () => run('models: x\n')).rejects.toThrow(/:5: unknown key "models"/);
    await expect(async () => run('', 'localhost:4000')).rejects.toThrow(
      /:1: http: expected a URL like http:\/\/127.0.0.1:4000\/v1/,
    );
  });

  it('can be interrupted: what was finished is kept, and nothing goes on', async () => {
    const stop = new AbortController();
    const long = writeScenario(dir, 'long', { arrival: { rate: '4/s', for: '60s' } });
    setTimeout(() => stop.abort(), 500);
    const drilled = drill({
      chain: chainFile(),
      scenarios: [long],
      out: join(dir, 'stopped'),
      signal: stop.signal,
    });
    expect(await drilled).toMatchObject({ report: null, done: 0, total: 1 });
  });
});
