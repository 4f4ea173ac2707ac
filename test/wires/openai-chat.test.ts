import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import type { Asked, Reply } from '../../harness/wires/wire.ts';
import {
  answered,
  answers,
  askedOf,
  fetchOf,
  headerOf,
  rawRequest,
  stamp,
  textOf,
} from './served.ts';

const url = 'https://api.openai.com/v1/chat/completions';
const messages = [{ role: 'user', content: 'Hi' }];

function asked(body: Record<string, unknown> = {}, headers?: Record<string, string>): Asked {
  return askedOf(openaiChat, url, { model: 'gpt-4o', messages, ...body }, headers);
}

function client(respond: (question: Asked) => Reply): OpenAI {
  const fetch = fetchOf(openaiChat, respond);
  return new OpenAI({ apiKey: 'sk-test', baseURL: 'http://llm.test/v1', fetch, maxRetries: 0 });
}

describe('a request', () => {
  it('is known by its path, whatever host, base path and query', () => {
    const azure = 'https://x.azure.test/openai/deployments/my-gpt/chat/completions?api-version=1';
    for (const known of [url, `${url}/`, azure, 'http://127.0.0.1:4000/chat/completions']) {
      expect(openaiChat.decode(rawRequest(known, {}))).not.toBeNull();
    }
    for (const other of ['https://api.openai.com/v1/completions', `${url}/chatcmpl-1`]) {
      expect(openaiChat.decode(rawRequest(other, {}))).toBeNull();
    }
    const headers = { 'api-key': 'azure-key' };
    expect(askedOf(openaiChat, azure, { messages }, headers)).toMatchObject({
      model: 'my-gpt',
      key: 'azure-key',
    });
  });

  it('shows the whole conversation as turns', () => {
    const question = asked({
      messages: [
        { role: 'developer', content: 'Be kind.' },
        {
          role: 'user',
          content: [
            { type: 'text', text: 'What is' },
            { type: 'image_url', image_url: { url: 'data:,' } },
            { type: 'text', text: 'this?' },
          ],
        },
        { role: 'assistant', content: null, tool_calls: [] },
        { role: 'assistant', refusal: 'No.' },
        { role: 'tool', tool_call_id: 'call_1', content: '22 degrees' },
      ],
    });
    expect(question.turns).toEqual([
      { role: 'system', text: 'Be kind.' },
      { role: 'user', text: 'What is\nthis?' },
      { role: 'assistant', text: '' },
      { role: 'assistant', text: 'No.' },
      { role: 'tool', text: '22 degrees' },
    ]);
  });

  it('shows tools, cap and key', () => {
    const question = asked({
      max_tokens: 10,
      max_completion_tokens: 20,
      tools: [
        { type: 'function', function: { name: 'weather' } },
        { type: 'custom', custom: { name: 'shell' } },
      ],
      functions: [{ name: 'old' }],
    });
    expect(question).toMatchObject({
      tools: ['weather', 'shell', 'old'],
      maxTokens: 20,
      key: 'sk-test',
      version: null,
    });
    expect(asked({}, {}).key).toBeNull();
    expect(asked({}, { authorization: 'Bearer ' }).key).toBe('');
  });
});

describe('an objection', () => {
  const objection = (body: Record<string, unknown>, headers?: Record<string, string>) =>
    openaiChat.objection(asked(body, headers));

  it.each([
    [{ model: 'gpt-5.4', max_tokens: 5 }, 'unsupported_parameter', 'max_tokens'],
    [{ model: 'gpt-6-sol', max_tokens: 5 }, 'unsupported_parameter', 'max_tokens'],
    [{ model: 'o3', max_tokens: 5 }, 'unsupported_parameter', 'max_tokens'],
    [{ model: 'gpt-5-mini', temperature: 0 }, 'unsupported_value', 'temperature'],
    [{ model: 'o4-mini', stop: 'x' }, 'unsupported_parameter', 'stop'],
    [{ stop: ['a', 'b', 'c', 'd', 'e'] }, 'array_above_max_length', 'stop'],
    [{ max_tokens: 5, max_completion_tokens: 5 }, 'invalid_parameter_combination', 'max_tokens'],
    [{ messages: undefined }, 'missing_required_parameter', 'messages'],
    [{ messages: [] }, 'empty_array', 'messages'],
  ])('%j is a 400 with code %s', async (body, code, param) => {
    const found = objection(body);
    expect(found).toMatchObject({ reason: 'invalid-request', code, param });
    if (found === null) return;
    const error = await client((question) => openaiChat.reject(found, question, stamp))
      .chat.completions.create({ model: 'm', messages: [] })
      .catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(OpenAI.BadRequestError);
    expect(error).toMatchObject({ status: 400, code, param, type: 'invalid_request_error' });
  });

  it.each([
    { max_tokens: 5, temperature: 0, stop: ['a'] },
    { model: 'gpt-5-mini', temperature: 1, max_completion_tokens: 5, max_tokens: null },
    { model: 'gpt-5.4', temperature: 0, reasoning_effort: 'none' },
    { model: 'gpt-5-chat-latest', temperature: 0, max_tokens: 5 },
    { model: 'openai/gpt-5-mini', max_tokens: 5 },
  ])('%j has none', (body) => {
    expect(objection(body)).toBeNull();
  });

  it('is about the key first, then about JSON, then about the model', () => {
    expect(objection({ model: '' }, {})).toEqual({ reason: 'auth' });
    expect(objection({ model: '' }, { authorization: 'Bearer' })).toEqual({ reason: 'auth' });
    const broken = askedOf(openaiChat, url, '{"model":"gpt-4o"');
    expect(openaiChat.objection(broken)?.message).toMatch(/not valid JSON/);
    expect(openaiChat.objection(askedOf(openaiChat, url, '[]'))?.message).toMatch(/JSON/);
    expect(objection({ model: '' })?.message).toBe('you must provide a model parameter');
  });
});

describe('an answer', () => {
  const { text } = answers;
  if (text === undefined) throw new Error('there is no text');

  it('has a usage chunk only where it was asked for, and filler unless refused', () => {
    const plain = textOf(openaiChat.frames(text, asked({ stream: true })));
    expect(plain).not.toContain('"usage"');
    expect(plain).toContain('"obfuscation"');
    const options = { include_usage: true, include_obfuscation: false };
    const counted = textOf(
      openaiChat.frames(text, asked({ stream: true, stream_options: options })),
    );
    expect(counted).toContain('"choices":[],"usage":{"prompt_tokens":21,"completion_tokens":9');
    expect(counted.match(/"usage":null/g)?.length).toBeGreaterThan(10);
    expect(counted).not.toContain('"obfuscation"');
  });

  it('has one variant for equal frames', () => {
    const options = { include_usage: true };
    const variants = [
      asked(),
      asked({ stream: true }),
      asked({ stream: true, stream_options: options }),
      asked({ stream: true, stream_options: { ...options, include_obfuscation: false } }),
    ].map(({ variant }) => variant);
    expect(new Set(variants).size).toBe(4);
    expect(asked({ temperature: 0.5, stream_options: options }).variant).toBe(asked().variant);
  });

  it('has limits and a request id in its headers', () => {
    const reply = answered(openaiChat, asked({ stream: true }), []);
    expect(headerOf(reply, 'content-type')).toBe('text/event-stream; charset=utf-8');
    expect(headerOf(reply, 'x-ratelimit-remaining-requests')).toBe('499');
    expect(headerOf(reply, 'date')).toBe('Sat, 21 Nov 2026 12:00:00 GMT');
    expect(headerOf(reply, 'x-request-id')).toMatch(/^req_0+7$/);
  });

  it('that is an error inside a 200 is taken for a success by the SDK', async () => {
    const openai = client((question) =>
      answered(
        openaiChat,
        question,
        openaiChat.errorFrames({ reason: 'overloaded' }, question, stamp),
      ),
    );
    const completion = await openai.chat.completions.create({ model: 'm', messages: [] });
    expect(completion.choices).toBeUndefined();
    expect(completion).toMatchObject({ error: { code: 'server_is_overloaded' } });
  });

  it('that breaks off in the middle throws with the code of its error', async () => {
    const openai = client((question) => {
      const sent = openaiChat.frames(text, question).slice(0, 4);
      const error = openaiChat.errorFrames({ reason: 'server-error' }, question, stamp, sent);
      return answered(openaiChat, question, [...sent, ...error]);
    });
    let got = '';
    const read = async (): Promise<void> => {
      const chunks = await openai.chat.completions.create({
        model: 'm',
        messages: [],
        stream: true,
      });
      for await (const chunk of chunks) {
        got += chunk.choices[0]?.delta.content ?? '';
      }
    };
    await expect(read()).rejects.toMatchObject({ status: undefined, code: 'server_error' });
    expect(got).toBe('Grüß dich!');
  });
});
