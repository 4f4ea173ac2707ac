// What apps answer, read as their clients read it.
import { describe, expect, it } from 'vitest';
import type { EndpointWords } from '../../harness/endpoint/endpoint.ts';
import { askEndpoint } from '../../harness/endpoint/endpoint.ts';
import { question } from '../chains/fake-providers.ts';

const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

interface Told {
  text: string;
  pieces: string[];
  served: string | undefined;
  requests: { url: string; headers: Headers; body: unknown }[];
}

async function ask(response: () => Response, words: EndpointWords = {}): Promise<Told> {
  const requests: Told['requests'] = [];
  const chain = askEndpoint(
    async (request) => {
      requests.push({ url: request.url, headers: request.headers, body: await request.json() });
      return response();
    },
    { ...words, origin: 'http://app.test', targets, stream: true },
  );
  const answer = await chain(question, new AbortController().signal);
  const whole = typeof answer === 'object' && 'text' in answer ? answer : { text: answer };
  const pieces: string[] = [];
  if (typeof whole.text === 'string') pieces.push(whole.text);
  else for await (const piece of whole.text) pieces.push(piece);
  const meta = 'meta' in whole ? whole.meta : undefined;
  const { served } = (typeof meta === 'function' ? meta() : meta) ?? {};
  return { text: pieces.join(''), pieces, served, requests };
}

const json =
  (body: unknown, status = 200) =>
  () =>
    Response.json(body, { status });

/** Each event in a read of its own. */
function events(...data: unknown[]) {
  return (): Response => {
    const lines = data.map(
      (one) => `data: ${typeof one === 'string' ? one : JSON.stringify(one)}\n\n`,
    );
    const body = new ReadableStream({
      start(controller) {
        for (const line of lines) controller.enqueue(new TextEncoder().encode(line));
        controller.close();
      },
    });
    return new Response(body, { headers: { 'content-type': 'text/event-stream; charset=utf-8' } });
  };
}

describe('an answer as JSON', () => {
  it.each([
    ['a chat completion', { choices: [{ message: { content: 'Paris.' } }] }],
    ['a refusal of one', { choices: [{ message: { content: null, refusal: 'Paris.' } }] }],
    ['a response', { output_text: 'Paris.' }],
    [
      'a response as its provider sends it',
      {
        output: [
          { type: 'reasoning', summary: [] },
          { type: 'message', content: [{ type: 'output_text', text: 'Paris.' }] },
        ],
      },
    ],
    [
      'a refusal of such a one',
      { output: [{ type: 'message', content: [{ type: 'refusal', refusal: 'Paris.' }] }] },
    ],
    [
      'a message',
      {
        content: [
          { type: 'text', text: 'Par' },
          { type: 'text', text: 'is.' },
        ],
      },
    ],
    ['a field of the app', { answer: 'Paris.' }],
    ['a string', 'Paris.'],
  ])('is %s', async (_, body) => {
    expect((await ask(json(body))).text).toBe('Paris.');
  });

  it('tells who served by its model, where one target has it', async () => {
    const of = async (model: string) =>
      (await ask(json({ model, choices: [{ message: { content: 'x' } }] }))).served;
    expect(await of('gpt-4o')).toBe('openai/gpt-4o');
    expect(await of('anthropic/claude-3-5-sonnet-latest')).toBe(targets[1]);
    expect(await of('gpt-4o-2024-08-06')).toBeUndefined();
  });

  it.each([
    [
      'content_filter',
      { choices: [{ message: { content: '' }, finish_reason: 'content_filter' }] },
    ],
    ['content_filter', { output: [], incomplete_details: { reason: 'content_filter' } }],
    ['refusal', { content: [], stop_reason: 'refusal' }],
  ])('without words is an error that tells why: %s', async (code, body) => {
    await expect(ask(json(body))).rejects.toMatchObject({ name: 'EndpointError', code });
  });

  it('that nobody can read is a mistake of the set-up, with what to write', async () => {
    await expect(ask(json({ data: { parts: [] } }))).rejects.toThrow(
      'the app answered with JSON in which no answer is known: {"data":{"parts":[]}}. ' +
        'Export endpoint = { read:',
    );
  });
});

describe('an answer as a stream of events', () => {
  const delta = (content: string) => ({ model: 'gpt-4o', choices: [{ delta: { content } }] });

  it.each([
    ['chat completions', [delta('Par'), delta('is.'), '[DONE]']],
    [
      'the AI SDK',
      [
        { type: 'start' },
        { type: 'text-delta', id: '1', delta: 'Par' },
        { type: 'text-delta', id: '1', delta: 'is.' },
        { type: 'finish' },
        '[DONE]',
      ],
    ],
    [
      'responses',
      [
        { type: 'response.created', response: { model: 'gpt-4o' } },
        { type: 'response.output_text.delta', delta: 'Par' },
        { type: 'response.output_text.delta', delta: 'is.' },
      ],
    ],
    [
      'messages',
      [
        { type: 'message_start', message: { model: 'x' } },
        { type: 'content_block_delta', delta: { type: 'text_delta', text: 'Par' } },
        { type: 'content_block_delta', delta: { type: 'text_delta', text: 'is.' } },
      ],
    ],
    ['plain words', ['Par', 'is.']],
  ])('of %s comes piece by piece', async (_, data) => {
    expect((await ask(events(...data))).pieces).toEqual(['Par', 'is.']);
  });

  it.each([
    ['chat completions', [{ choices: [{ delta: { refusal: 'Par' } }] }, delta('is.'), '[DONE]']],
    [
      'responses',
      [
        { type: 'response.refusal.delta', delta: 'Par' },
        { type: 'response.refusal.delta', delta: 'is.' },
      ],
    ],
  ])('of %s has the words of a refusal too', async (_, data) => {
    expect((await ask(events(...data))).pieces).toEqual(['Par', 'is.']);
  });

  it.each([
    ['content_filter', { choices: [{ delta: {}, finish_reason: 'content_filter' }] }],
    ['content-filter', { type: 'finish', finishReason: 'content-filter' }],
    ['refusal', { type: 'message_delta', delta: { stop_reason: 'refusal' } }],
    [
      'content_filter',
      {
        type: 'response.incomplete',
        response: { incomplete_details: { reason: 'content_filter' } },
      },
    ],
  ])('without words is an error that tells why: %s', async (code, last) => {
    await expect(ask(events(last))).rejects.toMatchObject({ name: 'EndpointError', code });
    expect((await ask(events(delta('Par'), last))).text).toBe('Par');
  });

  it('tells who served', async () => {
    expect((await ask(events(delta('x'), '[DONE]'))).served).toBe('openai/gpt-4o');
  });

  it.each([
    ['chat completions', { error: { message: 'overloaded', code: 503 } }, 'overloaded'],
    ['the AI SDK', { type: 'error', errorText: 'overloaded' }, 'overloaded'],
    [
      'responses',
      { type: 'response.failed', response: { error: { message: 'overloaded' } } },
      'overloaded',
    ],
    [
      'messages',
      { type: 'error', error: { type: 'overloaded_error', message: 'Overloaded' } },
      'Overloaded',
    ],
  ])('ends with the error that is told in the way of %s', async (_, error, message) => {
    await expect(ask(events(delta('Par'), error))).rejects.toThrow(message);
  });
});

it('plain text comes as it is sent, with characters whole', async () => {
  const bytes = new TextEncoder().encode('Zürich');
  const body = () =>
    new ReadableStream({
      start(controller) {
        controller.enqueue(bytes.slice(0, 2));
        controller.enqueue(bytes.slice(2));
        controller.close();
      },
    });
  const told = await ask(() => new Response(body(), { headers: { 'content-type': 'text/plain' } }));
  expect(told).toMatchObject({ text: 'Zürich', pieces: ['Z', 'ürich'] });
});

describe('an error of the app', () => {
  it.each([
    ['OpenAI’s form', { error: { message: 'too many', code: 'rate_limited' } }, 429, 'too many'],
    ['a word', { error: 'too many' }, 429, 'too many'],
    ['a message', { message: 'too many' }, 503, 'too many'],
  ])('in %s keeps status and words', async (_, body, status, message) => {
    await expect(ask(json(body, status))).rejects.toMatchObject({ status, message });
  });

  it('that is a page keeps its status', async () => {
    const page = () => new Response('<html>502</html>', { status: 502 });
    await expect(ask(page)).rejects.toMatchObject({
      status: 502,
      message: 'HTTP 502: <html>502</html>',
    });
  });
});

describe('a question', () => {
  it('is sent as a chat completion, unless the app wants it otherwise', async () => {
    const { requests } = await ask(json('x'));
    expect(requests[0]?.url).toBe('http://app.test/v1/chat/completions');
    expect(requests[0]?.body).toEqual({
      model: 'default',
      messages: question.messages,
      stream: true,
    });
    const own = await ask(json('x'), {
      path: '/api/chat',
      headers: { 'x-tenant': 'one' },
      body: ({ prompt }, { stream }) => ({ prompt, stream }),
      read: async (response) => `${await response.json()}!`,
    });
    expect(own.requests[0]).toMatchObject({
      url: 'http://app.test/api/chat',
      body: { prompt: question.prompt, stream: true },
    });
    expect(own.requests[0]?.headers.get('x-tenant')).toBe('one');
    expect(own.text).toBe('x!');
  });
});

it('a caller that goes away leaves no reader behind', async () => {
  let cancelled = false;
  const body = new ReadableStream({
    pull(controller) {
      controller.enqueue(new TextEncoder().encode('more '));
    },
    cancel() {
      cancelled = true;
    },
  });
  const leaving = new AbortController();
  const chain = askEndpoint(() => new Response(body), {
    origin: 'http://app.test',
    targets,
    stream: true,
  });
  const answer = await chain(question, leaving.signal);
  await expect(async () => {
    for await (const _ of answer as AsyncIterable<string>) leaving.abort(new Error('gone'));
  }).rejects.toThrow('gone');
  expect(cancelled).toBe(true);
});
