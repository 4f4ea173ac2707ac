import Anthropic, { OverloadedError } from '@anthropic-ai/sdk';
import { describe, expect, it } from 'vitest';
import { anthropicMessages } from '../../harness/wires/anthropic-messages.ts';
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

const url = 'https://api.anthropic.com/v1/messages';
const old = { 'x-api-key': 'sk-test', 'anthropic-version': '2023-06-01' };
const current = { authorization: 'Bearer sk-test', 'anthropic-version': '2026-10-21' };
const base = {
  model: 'claude-3-5-haiku',
  max_tokens: 9,
  messages: [{ role: 'user', content: 'Hi' }],
};

function asked(body: Record<string, unknown> = {}, headers: Record<string, string> = old): Asked {
  return askedOf(anthropicMessages, url, { ...base, ...body }, headers);
}

function limitsOf(reply: Reply): string[] {
  return reply.headers.map(([name]) => name).filter((name) => name.includes('ratelimit'));
}

describe('a request', () => {
  it('is known by its path, but not where tokens are counted or threads are written', () => {
    for (const known of [url, `${url}?beta=true`, 'http://llm.test/anthropic/v1/messages']) {
      expect(anthropicMessages.decode(rawRequest(known, {}))).not.toBeNull();
    }
    const threads = 'https://api.openai.com/v1/threads/thread_1/messages';
    for (const other of [`${url}/count_tokens`, `${url}/batches`, threads]) {
      expect(anthropicMessages.decode(rawRequest(other, {}))).toBeNull();
    }
  });

  it('asks for a schema where its output has a format, not where it has only an effort', () => {
    const schemaOf = (output: object): boolean =>
      anthropicMessages.traits(asked({ output_config: output })).schema;
    expect(schemaOf({ format: { type: 'json_schema', schema: {} } })).toBe(true);
    expect(schemaOf({ effort: 'low' })).toBe(false);
  });

  it('shows system, text, documents and tool results as turns', () => {
    const source = { type: 'text', media_type: 'text/plain', data: 'A page.' };
    const question = asked({
      system: [{ type: 'text', text: 'Be kind.' }],
      messages: [
        {
          role: 'user',
          content: [
            { type: 'document', source },
            { type: 'text', text: 'Weather?' },
          ],
        },
        { role: 'assistant', content: [{ type: 'tool_use', id: 't', name: 'weather', input: {} }] },
        {
          role: 'user',
          content: [
            {
              type: 'tool_result',
              tool_use_id: 't',
              content: [{ type: 'text', text: '22 degrees' }],
            },
          ],
        },
      ],
    });
    expect(question.turns).toEqual([
      { role: 'system', text: 'Be kind.' },
      { role: 'user', text: 'A page.\nWeather?' },
      { role: 'assistant', text: '' },
      { role: 'tool', text: '22 degrees' },
    ]);
    expect(question).toMatchObject({ maxTokens: 9, version: '2023-06-01', key: 'sk-test' });
  });

  it('takes its key from either header', () => {
    expect(asked({}, current).key).toBe('sk-test');
    expect(asked({}, { ...current, 'x-api-key': '' }).key).toBe('sk-test');
    expect(asked({}, {}).key).toBeNull();
  });
});

describe('an objection', () => {
  const objection = (body: Record<string, unknown>, headers?: Record<string, string>) =>
    anthropicMessages.objection(asked(body, headers));
  const document = { type: 'document', source: { type: 'text', data: 'x' } };
  const cited = { type: 'text', text: 'x', citations: [] };
  const user = { role: 'user', content: 'Hi' };

  it.each([
    [{ temperature: 1 }, /^temperature: /],
    [{ top_p: 0.9 }, /^top_p: /],
    [{ top_k: 5 }, /^top_k: /],
    [{ messages: [user, { role: 'assistant', content: [document] }, user] }, /document blocks/],
    [{ messages: [{ role: 'user', content: [cited] }] }, /citations/],
  ])('%j is a 400 under the version of October 2026 only', (body, message) => {
    const found = objection(body, current);
    expect(found?.reason).toBe('invalid-request');
    expect(found?.message).toMatch(message);
    expect(objection(body, old)).toBeNull();
  });

  it.each([
    [{ max_tokens: undefined }, 'max_tokens: Field required'],
    [{ model: undefined }, 'model: Field required'],
    [{ messages: undefined }, 'messages: Field required'],
    [{ messages: [] }, 'messages: at least one message is required'],
    [{ temperature: 1.5 }, 'temperature: range: 0..1'],
    [{ model: 'claude-sonnet-5', temperature: 0 }, 'temperature: this model only supports'],
    [{ messages: [{ role: 'user', content: '' }] }, 'messages.0: all messages must have'],
  ])('%j is a 400 under any version', (body, message) => {
    expect(objection(body)?.message).toContain(message);
  });

  it('is about a prefill from the generation of 4.6 on', () => {
    const messages = [user, { role: 'assistant', content: '{' }];
    const refuses = ['claude-opus-4-6', 'claude-sonnet-4-6-20260217', 'claude-opus-5-5'];
    for (const model of [...refuses, 'claude-sonnet-5', 'anthropic/claude-haiku-5-5']) {
      expect(objection({ messages, model })?.message).toMatch(/prefill/);
    }
    const takes = ['claude-3-5-sonnet-latest', 'claude-sonnet-4-20250514', 'claude-haiku-4-5'];
    for (const model of [...takes, 'claude-haiku-4-5-20251001', 'some-model']) {
      expect(objection({ messages, model })).toBeNull();
    }
  });

  it('is about the key first, then about the version, then about JSON', () => {
    expect(objection({}, {})).toEqual({ reason: 'auth' });
    expect(objection({}, { ...old, 'x-api-key': '' })).toEqual({ reason: 'auth' });
    expect(objection({}, { 'x-api-key': 'k' })?.message).toMatch(/anthropic-version/);
    const broken = askedOf(anthropicMessages, url, '{', old);
    expect(anthropicMessages.objection(broken)?.message).toMatch(/JSON/);
  });
});

describe('an answer', () => {
  const { text, refusal } = answers;
  if (text === undefined || refusal === undefined) throw new Error('there is no answer');

  it('tells the limits of the organisation', () => {
    const reply = answered(anthropicMessages, asked({ stream: true }), []);
    expect(limitsOf(reply)).toHaveLength(12);
    expect(headerOf(reply, 'content-type')).toBe('text/event-stream; charset=utf-8');
  });

  it('that is a refusal has no words of its own, only an explanation', () => {
    const [frame] = anthropicMessages.frames(refusal, asked());
    if (frame === undefined) throw new Error('there is no frame');
    expect(JSON.parse(textOf([frame]))).toMatchObject({
      content: [],
      stop_reason: 'refusal',
      stop_details: { type: 'refusal', category: null, explanation: refusal.refusal },
    });
  });

  it('that is an error inside a 200 is taken for a success by the SDK', async () => {
    const fetch = fetchOf(anthropicMessages, (question) => {
      const frames = anthropicMessages.errorFrames({ reason: 'overloaded' }, question, stamp);
      return answered(anthropicMessages, question, frames);
    });
    const client = new Anthropic({ apiKey: 'k', baseURL: 'http://llm.test', fetch });
    const message = await client.messages.create({ model: 'm', max_tokens: 9, messages: [] });
    expect(message.content).toBeUndefined();
    expect(message).toMatchObject({ type: 'error', error: { type: 'overloaded_error' } });
  });

  it('that breaks off keeps its type, but is not the class of its status', async () => {
    const fetch = fetchOf(anthropicMessages, (question) => {
      const sent = anthropicMessages.frames(text, question).slice(0, 5);
      const rejection = { reason: 'overloaded' } as const;
      const error = anthropicMessages.errorFrames(rejection, question, stamp, sent);
      return answered(anthropicMessages, question, [...sent, ...error]);
    });
    const client = new Anthropic({ apiKey: 'k', baseURL: 'http://llm.test', fetch });
    const stream = client.messages.stream({ model: 'm', max_tokens: 9, messages: [] });
    let got = '';
    stream.on('text', (piece) => {
      got += piece;
    });
    const error = await stream.finalMessage().catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ status: undefined, type: 'overloaded_error' });
    expect(error).not.toBeInstanceOf(OverloadedError);
    expect(got).toBe('Grüß dich');
  });
});
