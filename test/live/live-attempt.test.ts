// What becomes of a response on its way from its provider, request by request.
import type { IncomingMessage } from 'node:http';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LLMock } from '@copilotkit/aimock';
import { GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { describe, expect, it, onTestFinished } from 'vitest';
import { HarnessError } from '../../harness/errors.ts';
import { RunStopped } from '../../harness/upstream/live.ts';
import { provider, said } from './providers.ts';
import type { LiveStage } from './stage.ts';
import { liveStage } from './stage.ts';

const messages = [{ role: 'user' as const, content: 'Who is there?' }];
const asking = { model: 'gpt-4o-mini', messages };

interface Desk extends LiveStage {
  mock: LLMock;
  client: OpenAI;
  direct: OpenAI;
}

/** A provider of OpenAI's, asked directly and through the stage. */
async function desk(rules: Record<string, unknown>[] = [], options = {}): Promise<Desk> {
  const mock = await provider({ chunkSize: 8, latency: 5 });
  const real = globalThis.fetch;
  const hosts = { [new URL(mock.url).host]: 'openai' };
  const stage = await liveStage({ hosts, rules, ...options });
  const clientOf = (fetch: typeof real): OpenAI =>
    new OpenAI({
      apiKey: 'sk-x',
      baseURL: `${mock.url}/v1`,
      fetch,
      maxRetries: 0,
      logLevel: 'off',
    });
  return { ...stage, mock, client: clientOf(globalThis.fetch), direct: clientOf(real) };
}

async function chunksOf(client: OpenAI): Promise<Record<string, unknown>[]> {
  const options = { include_usage: true };
  const chunks: Record<string, unknown>[] = [];
  for await (const chunk of await client.chat.completions.create({
    ...asking,
    stream: true,
    stream_options: options,
  })) {
    // Each answer has an id and a time of its own.
    const { id: _, created: _at, ...rest } = chunk;
    chunks.push(rest);
  }
  return chunks;
}

function wordsIn(chunks: Record<string, unknown>[]): string {
  return chunks
    .map(({ choices }) => (choices as { delta: { content?: string } }[])[0]?.delta.content ?? '')
    .join('');
}

describe('a live attempt', () => {
  it('shows a status that no Response can be made with as fetch shows it', async () => {
    const server = createServer((_, response) => response.writeHead(999).end('{}'));
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const { within, of, failures } = await liveStage({
      hosts: { [`127.0.0.1:${port}`]: 'openai' },
    });
    const body = JSON.stringify({ ...asking, max_tokens: 5 });
    const url = `http://127.0.0.1:${port}/v1/chat/completions`;
    const response = await within(() => fetch(url, { method: 'POST', body }));
    expect([response.status, response.ok, await response.text()]).toEqual([999, false, '{}']);
    expect([of('reply')[0]?.status, failures]).toEqual([999, []]);
  });

  it('gives the SDK the very chunks that it gets directly', async () => {
    const { client, direct, within, of } = await desk();
    const through = await within(() => chunksOf(client));
    expect(through).toEqual(await chunksOf(direct));
    expect(wordsIn(through)).toBe(said);
    expect(of('end')).toMatchObject([{ how: 'complete', marker: true, chars: said.length }]);
    expect(of('text')).toMatchObject([{ kind: 'live', id: 'live~1', text: said }]);
    expect(of('reply')).toMatchObject([{ status: 200, text: 'live~1' }]);
  });

  it('gives a body at once as it is', async () => {
    const { client, direct, within, of } = await desk();
    const plain = await direct.chat.completions.create(asking);
    const through = await within(() => client.chat.completions.create(asking));
    expect(through.choices).toEqual(plain.choices);
    expect(through.usage).toEqual(plain.usage);
    const { prompt_tokens: input, completion_tokens: output } = plain.usage ?? {};
    expect(of('end')).toMatchObject([{ how: 'complete', input, output, estimated: false }]);
  });

  it('passes on an error of the provider itself, its headers too', async () => {
    const server = createServer((_request, response) => {
      response.writeHead(429, { 'content-type': 'application/json', 'retry-after': '7' });
      response.end('{"error":{"message":"Slow down","type":"rate_limit_error","code":"r"}}');
    });
    await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
    onTestFinished(() => void server.close());
    const { port } = server.address() as AddressInfo;
    const rules = [{ inject: 'disconnect', at: '3 tokens' }];
    const stage = await liveStage({ hosts: { [`127.0.0.1:${port}`]: 'openai' }, rules });
    const client = new OpenAI({
      apiKey: 'sk-x',
      baseURL: `http://127.0.0.1:${port}/v1`,
      maxRetries: 0,
    });
    const failed = stage.within(() => client.chat.completions.create({ ...asking, stream: true }));
    await expect(failed).rejects.toMatchObject({ status: 429, code: 'r' });
    expect(stage.of('reply')).toMatchObject([{ status: 429, reason: 'rate-limit', hintMs: 7000 }]);
    // There was no stream to cut.
    expect(stage.of('effect')).toEqual([]);
    expect(stage.of('end')).toMatchObject([{ how: 'complete', input: 0, output: 0 }]);
  });

  it('shows a provider that is not there as fetch shows it', async () => {
    const stage = await liveStage({ hosts: { '127.0.0.1:9': 'openai' } });
    const client = new OpenAI({
      apiKey: 'sk-x',
      baseURL: 'http://127.0.0.1:9/v1',
      maxRetries: 0,
      logLevel: 'off',
    });
    const failed = stage.within(() => client.chat.completions.create(asking));
    await expect(failed).rejects.toThrow('Connection error.');
    expect(stage.failures).toEqual([]);
    expect(stage.of('end')).toHaveLength(1);
  });

  it('asks nobody where a fault ends the request by itself', async () => {
    const { client, within, of, mock } = await desk([{ inject: 'rate-limit' }]);
    const failed = within(() => client.chat.completions.create(asking));
    await expect(failed).rejects.toMatchObject({ status: 429 });
    expect(of('effect')).toMatchObject([{ fault: 'rate-limit' }]);
    expect(mock.getRequests()).toEqual([]);
  });

  it('keeps half an answer as half of one', async () => {
    const { client, within, of } = await desk([{ inject: 'truncate', at: '3 tokens' }]);
    const begun = wordsIn(await within(() => chunksOf(client)));
    expect(said.startsWith(begun) && begun.length < said.length).toBe(true);
    expect(of('end')).toMatchObject([{ how: 'short', marker: false, chars: begun.length }]);
    expect(of('text')).toMatchObject([{ text: begun, unfinished: true, score: null }]);
  });

  it('cuts at a share of what answers of the target usually have', async () => {
    const { client, within, of } = await desk([{ inject: 'truncate', at: '50%', call: 2 }]);
    const whole = await within(() => chunksOf(client));
    const { callScope } = await import('../../harness/network/network.ts');
    const half = await callScope.run({ call: 2, sample: 'who' }, () => chunksOf(client));
    const pieces = (chunks: Record<string, unknown>[]): number =>
      chunks.filter((chunk) => wordsIn([chunk]) !== '').length;
    expect(pieces(half)).toBe(Math.floor(pieces(whole) / 2));
    expect(of('effect')).toHaveLength(1);
  });

  it('says that a fault met nothing where the answer ended before its place', async () => {
    const { client, within, of } = await desk([{ inject: 'truncate', at: '500 tokens' }]);
    expect(wordsIn(await within(() => chunksOf(client)))).toBe(said);
    expect(of('effect')).toEqual([]);
  });

  it('slows a stream piece by piece', async () => {
    const { client, within, of } = await desk([{ inject: 'slow', tokensPerSecond: 40 }]);
    const began = performance.now();
    expect(wordsIn(await within(() => chunksOf(client)))).toBe(said);
    const pieces = Math.ceil(said.length / 8);
    // Timers may fire a millisecond early, each.
    expect(performance.now() - began).toBeGreaterThan((pieces - 1) * 24);
    expect(of('effect')).toMatchObject([{ fault: 'slow' }]);
  });

  it('bends an answer that it has read to its end, and knows both', async () => {
    const { client, within, of } = await desk([{ inject: 'wrong-answer', as: 'garbled' }]);
    const bent = wordsIn(await within(() => chunksOf(client)));
    expect(bent).not.toBe(said);
    expect(of('text')).toMatchObject([
      { kind: 'live', text: said },
      { kind: 'altered', text: bent },
    ]);
  });

  it('passes Google streams as events of their own', async () => {
    const mock = await provider({ chunkSize: 8, latency: 5 });
    const stage = await liveStage({ hosts: { [new URL(mock.url).host]: 'google' } });
    const client = new GoogleGenAI({
      apiKey: 'sk-x',
      httpOptions: { baseUrl: mock.url, apiVersion: 'v1beta' },
    });
    let text = '';
    await stage.within(async () => {
      const ask = { model: 'gemini-2.0-flash', contents: 'Who is there?' };
      for await (const chunk of await client.models.generateContentStream(ask)) {
        text += chunk.text ?? '';
      }
    });
    expect(text).toBe(said);
    expect(stage.of('text')).toMatchObject([{ kind: 'live', text: said }]);
  });

  it.each([
    ['nothing', [], null],
    ['a reset', [{ inject: 'disconnect', at: '3 tokens', how: 'reset' }], 'ECONNRESET'],
  ])('passes to clients of node:http, too: %s', async (_what, rules, code) => {
    const { mock, within, of } = await desk(rules);
    const body = JSON.stringify({ ...asking, stream: true });
    const headers = { authorization: 'Bearer sk-x', 'content-type': 'application/json' };
    const url = `${mock.url}/v1/chat/completions`;
    let text = '';
    const reading = within(async () => {
      const response = await new Promise<IncomingMessage>((resolve, reject) => {
        request(url, { method: 'POST', headers }, resolve).on('error', reject).end(body);
      });
      for await (const part of response) text += String(part);
    });
    if (code === null) await reading;
    else await expect(reading).rejects.toMatchObject({ code });
    expect(text).toContain('It is no');
    expect(text.includes('[DONE]')).toBe(code === null);
    expect(of('end')).toMatchObject([{ how: code === null ? 'complete' : 'reset' }]);
  });

  it('asks no host that nobody named, and tells which', async () => {
    const { within, failures } = await desk();
    const other = await provider();
    const elsewhere = new OpenAI({ apiKey: 'sk-x', baseURL: `${other.url}/v1` });
    void within(() => elsewhere.chat.completions.create(asking)).catch(() => {});
    await expect.poll(() => failures.length).toBe(1);
    expect(failures[0]).toBeInstanceOf(HarnessError);
    expect(failures[0]?.message).toContain(new URL(other.url).host);
    expect(other.getRequests()).toEqual([]);
  });

  it.each([
    ['tools that the provider runs', { tools: [{ type: 'web_search' }] }],
    ['an earlier answer by name', { previous_response_id: 'resp_1' }],
  ])('sends nothing that brings %s under --max-cost', async (what, more) => {
    const { within, failures, mock } = await desk([], { limits: { maxUsd: 1 } });
    const body = JSON.stringify({
      model: 'gpt-4o-mini',
      max_output_tokens: 5,
      input: '?',
      ...more,
    });
    const post = { method: 'POST', body };
    void within(() => fetch(`${mock.url}/v1/responses`, post)).catch(() => {});
    await expect.poll(() => failures.length).toBe(1);
    expect(failures[0]?.message).toContain(what);
    expect(mock.getRequests()).toHaveLength(0);
  });

  it('sends nothing whose cost nobody can tell under --max-cost', async () => {
    const { within, failures, client } = await desk([], { limits: { maxUsd: 1 } });
    void within(() => client.chat.completions.create(asking)).catch(() => {});
    await expect.poll(() => failures.length).toBe(1);
    expect(failures[0]?.message).toContain('the request limits no answer');
  });

  it('counts every choice of a request to the most that it may cost', async () => {
    const { within, failures, client } = await desk([], { limits: { maxUsd: 0.03 } });
    const small = { ...asking, max_tokens: 1000 };
    await within(() => client.chat.completions.create(small));
    expect(failures).toEqual([]);
    void within(() => client.chat.completions.create({ ...small, n: 4 })).catch(() => {});
    await expect.poll(() => failures.length).toBe(1);
    expect(failures[0]).toBeInstanceOf(RunStopped);
    expect(failures[0]).toMatchObject({ by: '--max-cost', call: 1 });
  });
});
