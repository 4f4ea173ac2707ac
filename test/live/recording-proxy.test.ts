// A recording proxy between official SDKs and a provider: what passes, what is kept.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Anthropic from '@anthropic-ai/sdk';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { recordingDigest } from '../../harness/recordings/recording-digest.ts';
import { exactAnswer } from '../../harness/upstream/exact-answer.ts';
import { bodyOf, readRecordings } from '../../harness/upstream/recording.ts';
import { filesIn, firedrill, folderWith, mistake, write } from '../cli.ts';
import { provider } from '../recordings/provider.ts';
import type { Recording } from './recording.ts';
import { aimock, recording } from './recording.ts';

const file = 'firedrill/recordings/desk.jsonl';
const key = 'sk-of-the-app-0123456789abcdef';

const openai = ({ environment }: Recording) =>
  new OpenAI({ baseURL: environment.OPENAI_BASE_URL ?? '', apiKey: key, maxRetries: 0 });

async function streamed(client: OpenAI, content: string): Promise<string> {
  const messages = [{ role: 'user' as const, content }];
  const stream_options = { include_usage: true };
  let text = '';
  const body = { model: 'gpt-4o', messages, stream: true as const, stream_options };
  for await (const { choices } of await client.chat.completions.create(body)) {
    text += choices[0]?.delta.content ?? '';
  }
  return text;
}

describe('firedrill serve --record', () => {
  it('passes on what three SDKs ask, streaming and not, and keeps it as it came', async () => {
    const { upstream, mock } = await aimock({ tps: 200 });
    const dir = folderWith();
    const proxy = await recording(dir, upstream);
    const client = openai(proxy);
    expect(await streamed(client, 'What is first?')).toBe('An answer to: What is first?');
    await client.responses.create({ model: 'gpt-4o', input: 'What is second?' });
    const { ANTHROPIC_BASE_URL: baseURL = '', GOOGLE_GEMINI_BASE_URL: google = '' } =
      proxy.environment;
    const claude = new Anthropic({ baseURL, apiKey: key, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'What is third?' }];
    const asked = { model: 'claude-haiku-4-5', max_tokens: 100, messages };
    const said = await claude.messages.stream(asked).finalText();
    expect(said).toBe('An answer to: What is third?');
    const httpOptions = { baseUrl: google, apiVersion: 'v1beta' };
    const gemini = new GoogleGenAI({ apiKey: key, httpOptions });
    const whole = await gemini.models.generateContent({
      model: 'gemini-2.0-flash',
      contents: 'What is fourth?',
    });
    expect(whole.text).toBe('An answer to: What is fourth?');
    expect(mock.getRequests()).toHaveLength(4);
    expect(await proxy.end()).toBe(0);
    expect(proxy.out()).toContain('4 requests, 4 recorded');
    const all = readRecordings(join(dir, file));
    expect(all.map(({ target }) => target)).toEqual([
      'openai/gpt-4o',
      'openai/gpt-4o',
      'anthropic/claude-haiku-4-5',
      'google/gemini-2.0-flash',
    ]);
    for (const one of all) {
      if (one.kind !== 'recorded') throw new Error(`is ${one.kind}`);
      const { chunks = [], headersMs } = one.exchange;
      expect(one.digest).toBe(recordingDigest(one));
      expect(exactAnswer(one)).toMatchObject({ failure: null });
      expect(chunks.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(bodyOf(one).length);
      expect(headersMs).toBeGreaterThan(0);
    }
    const [first] = all;
    const times = first?.kind === 'recorded' ? (first.exchange.chunks ?? []) : [];
    expect(times.length).toBeGreaterThan(3);
    expect(times.at(-1)?.atMs).toBeGreaterThan(times[0]?.atMs ?? 0);
    const checked = await firedrill(['recordings', '--workload', 'desk'], dir);
    expect(checked.out).toContain('4 recordings, 4 with a digest, sound');
    expect(
      filesIn(join(dir, 'firedrill')).filter((one) => /journal|lock|partial/.test(one)),
    ).toEqual([]);
  });

  it('goes on in the same files: one sample for one question, under the name it had', async () => {
    const { upstream } = await aimock();
    const dir = folderWith();
    for (const words of [['one', 'two'], ['two', 'three'], ['one']]) {
      const proxy = await recording(dir, upstream);
      for (const word of words) await streamed(openai(proxy), `What is ${word}?`);
      expect(await proxy.end()).toBe(0);
    }
    const workload = readFileSync(join(dir, 'firedrill/workloads/desk.yaml'), 'utf8');
    expect(workload.match(/^ {2}- id: what-is-\w+-[0-9a-f]{6}$/gm)).toHaveLength(3);
    const all = readRecordings(join(dir, file));
    expect(all).toHaveLength(5);
    expect(new Set(all.map(({ sample }) => sample)).size).toBe(3);
  });

  it('sends the pieces on as they come, and hangs up where the app does', async () => {
    let isLeft = false;
    const gate = Promise.withResolvers<void>();
    const there = await provider((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream', 'x-request-id': 'req_9' });
      response.write('data: {"choices":[{"index":0,"delta":{"content":"first"}}]}\n\n');
      response.once('close', () => {
        isLeft = true;
        gate.resolve();
      });
      return true;
    });
    const dir = folderWith();
    const proxy = await recording(dir, ['--upstream', `openai=${there.origin}/v1`]);
    const aborted = new AbortController();
    const body = JSON.stringify({
      model: 'gpt-4o',
      stream: true,
      messages: [{ role: 'user', content: 'Q' }],
    });
    const response = await fetch(`${proxy.environment.OPENAI_BASE_URL}/chat/completions`, {
      method: 'POST',
      body,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      signal: aborted.signal,
    });
    expect(response.headers.get('x-request-id')).toBe('req_9');
    const { value } = (await response.body?.getReader().read()) ?? {};
    expect(new TextDecoder().decode(value)).toContain('first');
    expect(there.heard[0]?.headers.authorization).toBe(`Bearer ${key}`);
    expect(isLeft).toBe(false);
    aborted.abort();
    await gate.promise;
    expect(await proxy.end()).toBe(0);
    expect(proxy.out()).toContain('not recorded 1: the app hung up before the end');
    expect(existsSync(join(dir, 'firedrill'))).toBe(false);
  });

  it('breaks off where the provider does, or is not there, and keeps nothing of it', async () => {
    const there = await provider((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      const half = 'data: {"choices":[{"index":0,"delta":{"content":"half"}}]}\n\n';
      response.write(half, () => response.socket?.resetAndDestroy());
      return true;
    });
    const gone = ['--upstream', `openai=${there.origin}/v1`, 'anthropic=http://127.0.0.1:1'];
    const dir = folderWith();
    const proxy = await recording(dir, gone);
    await expect(streamed(openai(proxy), 'What?')).rejects.toThrow(/terminated/);
    const baseURL = proxy.environment.ANTHROPIC_BASE_URL ?? '';
    const claude = new Anthropic({ baseURL, apiKey: key, maxRetries: 0 });
    const messages = [{ role: 'user' as const, content: 'What?' }];
    const asked = claude.messages.create({ model: 'claude-haiku-4-5', max_tokens: 9, messages });
    await expect(asked).rejects.toThrow(/Connection error/);
    expect(await proxy.end()).toBe(0);
    expect(proxy.err()).toMatch(/^firedrill: api\.anthropic\.com cannot be reached: .+\n$/);
    expect(proxy.out()).toContain('not recorded 1: the provider broke off before the end');
    expect(proxy.out()).toContain('(1 told no usage, and count as the most they could cost)');
    expect(proxy.out()).toContain('not recorded 1: the provider could not be reached');
    expect(existsSync(join(dir, file))).toBe(false);
  });

  it('waits for as long as the app does: fetch has no limits of its own here', async () => {
    const there = await provider();
    const proxy = await recording(folderWith(), ['--upstream', `openai=${there.origin}/v1`]);
    await streamed(openai(proxy), 'What?');
    const name = Symbol.for('undici.globalDispatcher.1');
    const usual: { dispatch(options: object, handler: object): boolean } = Reflect.get(
      globalThis,
      name,
    );
    const limits: unknown[] = [];
    const ear = {
      dispatch(
        options: { path: string; headersTimeout?: number; bodyTimeout?: number },
        handler: object,
      ) {
        if (options.path === '/v1/chat/completions') {
          limits.push(options.headersTimeout, options.bodyTimeout);
        }
        return usual.dispatch(options, handler);
      },
    };
    Reflect.set(globalThis, name, ear);
    onTestFinished(() => void Reflect.set(globalThis, name, usual));
    await streamed(openai(proxy), 'And now?');
    expect(limits).toEqual([0, 0]);
    await proxy.end();
  });

  it('passes on what no wire speaks, and counts it by reason', async () => {
    const { upstream, mock } = await aimock();
    mock.onEmbedding(/./, { embedding: [0.5, 0.25] });
    const proxy = await recording(folderWith(), upstream);
    const client = openai(proxy);
    const vectors = await client.embeddings.create({ model: 'text-embedding-3-small', input: 'x' });
    expect(vectors.data).toHaveLength(1);
    await client.models.list();
    expect(await proxy.end()).toBe(0);
    expect(proxy.out()).toContain('2 requests, 0 recorded');
    expect(proxy.out()).toContain('not recorded 1: vectors: a drill makes its own');
    expect(proxy.out()).toContain('not recorded 1: no wire speaks GET api.openai.com/v1/models');
  });

  it('keeps errors only where it is told to, as the app sees them', async () => {
    const { upstream, mock } = await aimock();
    const dir = folderWith();
    for (const more of [[], ['--keep-errors']]) {
      mock.nextRequestError(429, { message: 'Slow down', type: 'rate_limit_error' });
      const proxy = await recording(dir, [...upstream, ...more]);
      await expect(streamed(openai(proxy), 'What?')).rejects.toThrow(/429 Slow down/);
      await proxy.end();
      const kept = more.length > 0;
      expect(proxy.out()).toContain(
        kept ? '1 request, 1 recorded' : 'an error (429): --keep-errors',
      );
      expect(existsSync(join(dir, file))).toBe(kept);
    }
  });

  it('answers from what is recorded with --once, and pays nothing again', async () => {
    const { upstream, paid } = await aimock();
    const dir = folderWith();
    for (const words of [['one'], ['one', 'two']]) {
      const proxy = await recording(dir, [...upstream, '--once']);
      for (const word of words) {
        expect(await streamed(openai(proxy), word)).toBe(`An answer to: ${word}`);
      }
      await proxy.end();
    }
    expect(paid()).toEqual(['one', 'two']);
  });

  it('answers nobody with what somebody else was told, however alike their names', async () => {
    const { upstream, paid } = await aimock();
    const dir = folderWith();
    const proxy = await recording(dir, [...upstream, '--once']);
    const messages = [{ role: 'user', content: 'mine' } as const];
    for (const user of ['customer-1', 'customer-2', 'customer-1']) {
      await openai(proxy).chat.completions.create({ model: 'gpt-4o', messages, user });
    }
    await proxy.end();
    expect(paid()).toEqual(['mine', 'mine']);
  });

  it('records the samples of a workload, with its checks', async () => {
    const { upstream } = await aimock();
    const dir = folderWith({
      'mine.yaml':
        'name: mine\nprovenance: a test\nrecordings: none.jsonl\nsamples:\n  - { id: q0, prompt: Question 0?, checks: [contains: [answer]] }\n',
    });
    const proxy = await recording(dir, [...upstream, '--workload', 'mine.yaml']);
    await streamed(openai(proxy), 'Please be brief. Question 0?');
    await streamed(openai(proxy), 'Something else');
    expect(await proxy.end()).toBe(0);
    expect(proxy.out()).toContain('not recorded 1: no sample of the workload asks this');
    expect(readRecordings(join(dir, file)).map(({ sample }) => sample)).toEqual(['q0']);
    const text = readFileSync(join(dir, 'firedrill/workloads/desk.yaml'), 'utf8');
    expect(text).toContain('contains: [ answer ]');
    write(dir, { 'other.yaml': text.replace('id: q0', 'id: q1') });
    const words = ['serve', '--record', 'desk', '--port', '0', '--workload', 'other.yaml'];
    const refused = await firedrill(words, dir);
    expect(refused.err).toContain('has other samples than other.yaml');
  });
});

describe('limits of a recording proxy', () => {
  it('hold back what might exceed them, keep what there is, and go on later', async () => {
    const { upstream, paid } = await aimock();
    const dir = folderWith();
    const proxy = await recording(dir, [...upstream, '--max-requests', '2']);
    for (const word of ['one', 'two']) await streamed(openai(proxy), word);
    await expect(streamed(openai(proxy), 'three')).rejects.toMatchObject({
      status: 402,
      message: expect.stringContaining('firedrill: not sent: it might exceed --max-requests'),
    });
    expect(await proxy.end()).toBe(1);
    expect(proxy.err()).toBe('firedrill: not sent: it might exceed --max-requests\n');
    expect(paid()).toEqual(['one', 'two']);
    const again = await recording(dir, [...upstream, '--max-requests', '2']);
    await streamed(openai(again), 'three');
    expect(await again.end()).toBe(0);
    expect(readRecordings(join(dir, file))).toHaveLength(3);
  });

  it('hold back what nobody knows the most of', async () => {
    const { upstream, paid } = await aimock();
    const proxy = await recording(folderWith(), [...upstream, '--max-cost', '0.01']);
    const client = openai(proxy);
    const ask = (model: string, more: object) =>
      client.chat.completions.create({
        model,
        messages: [{ role: 'user', content: 'Hello' }],
        ...more,
      });
    await expect(ask('unheard-of', { max_tokens: 9 })).rejects.toThrow(/nobody knows the price/);
    // All of the window could come back: more than a dollar.
    await expect(ask('gpt-4o', {})).rejects.toThrow(/might exceed --max-cost/);
    await expect(ask('gpt-4o', { max_tokens: 9, web_search_options: {} })).rejects.toThrow(
      /prices of their own/,
    );
    await expect(ask('gpt-4o', { max_tokens: 400, n: 9 })).rejects.toThrow(/might exceed/);
    await ask('gpt-4o', { max_tokens: 9 });
    await expect(client.images.generate({ prompt: 'x' })).rejects.toThrow(/nobody knows what POST/);
    expect(paid()).toEqual(['Hello']);
    expect(await proxy.end()).toBe(1);
    expect(proxy.out()).toMatch(/^sent: 1 request, \d+ tokens, \$0\.0\d+$/m);
  });
});

describe('who can reach a recording proxy', () => {
  it('is no web page, and nobody by a bent name', async () => {
    const { upstream, mock } = await aimock();
    const proxy = await recording(folderWith(), upstream);
    const url = `${proxy.environment.OPENAI_BASE_URL}/chat/completions`;
    const post = (headers: Record<string, string>) =>
      fetch(url, { method: 'POST', body: '{"model":"m","messages":[]}', headers });
    expect((await post({ origin: 'https://page.test' })).status).toBe(403);
    expect((await post({ 'sec-fetch-site': 'cross-site' })).status).toBe(403);
    expect(mock.getRequests()).toEqual([]);
    expect(await proxy.end()).toBe(130);
  });

  it('is led to no host that the targets files do not have', async () => {
    const proxy = await recording(folderWith());
    const root = new URL(proxy.control).origin;
    const odd = [
      '/evil.test/v1/chat/completions',
      '/evil.test%23.openai.azure.com/v1/chat/completions',
      '/x@evil.test/v1',
      '/169.254.169.254/latest',
      '/v1/chat/completions',
    ];
    for (const path of odd) {
      const response = await fetch(`${root}${path}`, { method: 'POST', body: '{}' });
      expect(response.status, path).toBe(404);
      expect(await response.text()).toContain('is no host of the targets files');
    }
    expect(await proxy.end()).toBe(2);
  });
});

describe('the control API of a recording proxy', () => {
  it('tells what came, writes it on a reset, and plays no scenario', async () => {
    const { upstream } = await aimock();
    const dir = folderWith();
    const proxy = await recording(dir, upstream);
    const post = (route: string) =>
      fetch(`${proxy.control}${route}`, {
        method: 'POST',
        body: '{}',
        headers: { 'content-type': 'application/json' },
      });
    expect(await (await fetch(`${proxy.control}health`)).json()).toMatchObject({ ok: true });
    await streamed(openai(proxy), 'one');
    expect(await (await fetch(`${proxy.control}state`)).json()).toMatchObject({
      mode: 'record',
      requests: 1,
      recorded: 1,
    });
    const refused = await post('scenario');
    expect(refused.status).toBe(409);
    expect(await refused.text()).toContain('start firedrill serve without --record');
    expect(existsSync(join(dir, file))).toBe(false);
    expect(await (await post('reset')).json()).toMatchObject({ state: { requests: 0 } });
    expect(readRecordings(join(dir, file))).toHaveLength(1);
    expect(await proxy.end()).toBe(130);
  });
});

describe('a recording proxy does not start', () => {
  const serve = ['serve', '--port', '0'];
  it.each([
    [[...serve, '--record', 'a/b'], '--record "a/b": write a name'],
    [[...serve, '--record', 'ifeval'], 'ships with firedrill'],
    [[...serve, '--record', 'x', '--scenario', 'healthy'], '--scenario: nothing is played'],
    [[...serve, '--max-cost', '1'], '--max-cost is for recording: add --record NAME'],
    [[...serve, '--record', 'x', '--upstream', 'openai'], 'expected a provider and its base URL'],
    [
      [...serve, '--record', 'x', '--upstream', 'openai=https://u:secret-123@x.test/v1'],
      '--upstream openai: give the URL alone',
    ],
    [
      [...serve, '--record', 'x', '--upstream', 'nobody.test=https://x.test'],
      'no host of the targets files',
    ],
    [[...serve, '--record', 'x', '--redact', '('], 'is no regular expression'],
    [[...serve, '--record', 'x', '--host', '0.0.0.0'], 'add --allow-remote'],
  ])('%j', async (words, message) => {
    expect(await mistake({}, words)).toContain(message);
  });

  it('over recordings of somebody else', async () => {
    const line = '{"kind":"authored","sample":"q0","target":"openai/gpt-4o","text":"Yes."}\n';
    const said = await mistake({ [file]: line }, [...serve, '--record', 'desk']);
    expect(said).toContain('holds other recordings: give --record another name');
  });
});
