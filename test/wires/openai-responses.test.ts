import OpenAI from 'openai';
import { describe, expect, it } from 'vitest';
import { openaiResponses } from '../../harness/wires/openai-responses.ts';
import { parseSse } from '../../harness/wires/sse.ts';
import type { Asked, Frame, Reply } from '../../harness/wires/wire.ts';
import {
  answered,
  answers,
  askedOf,
  errorIn,
  fetchOf,
  headerOf,
  rawRequest,
  stamp,
  textOf,
} from './served.ts';

const url = 'https://api.openai.com/v1/responses';

function asked(body: Record<string, unknown> = {}): Asked {
  return askedOf(openaiResponses, url, { model: 'gpt-4o', input: 'Hi', ...body });
}

function client(respond: (question: Asked) => Reply): OpenAI {
  const fetch = fetchOf(openaiResponses, respond);
  return new OpenAI({ apiKey: 'sk-test', baseURL: 'http://llm.test/v1', fetch, maxRetries: 0 });
}

function eventsOf(frames: Frame[]): Record<string, unknown>[] {
  return parseSse(textOf(frames)).map(({ event, data }) => {
    const members = JSON.parse(data);
    expect(event).toBe(members.type);
    return members;
  });
}

describe('a request', () => {
  it('is known by its path', () => {
    expect(openaiResponses.decode(rawRequest(`${url}?x=1`, {}))).not.toBeNull();
    expect(openaiResponses.decode(rawRequest(`${url}/resp_1/cancel`, {}))).toBeNull();
  });

  it('shows instructions, messages and tool results as turns', () => {
    const question = asked({
      instructions: 'Be kind.',
      input: [
        { role: 'developer', content: 'Be brief.' },
        { role: 'user', content: [{ type: 'input_text', text: 'Weather?' }] },
        { type: 'reasoning', summary: [] },
        { type: 'function_call', call_id: 'c', name: 'weather', arguments: '{}' },
        { type: 'function_call_output', call_id: 'c', output: '22 degrees' },
        { type: 'message', role: 'assistant', content: [{ type: 'output_text', text: 'Warm.' }] },
      ],
      tools: [{ type: 'function', name: 'weather' }, { type: 'web_search' }],
      max_output_tokens: 99,
    });
    expect(question.turns).toEqual([
      { role: 'system', text: 'Be kind.' },
      { role: 'system', text: 'Be brief.' },
      { role: 'user', text: 'Weather?' },
      { role: 'tool', text: '22 degrees' },
      { role: 'assistant', text: 'Warm.' },
    ]);
    expect(question).toMatchObject({ tools: ['weather', 'web_search'], maxTokens: 99 });
    expect(asked().turns).toEqual([{ role: 'user', text: 'Hi' }]);
  });
});

describe('an objection', () => {
  it.each([
    [{ model: undefined }, 'missing_required_parameter', 'model'],
    [{ input: undefined }, 'missing_required_parameter', 'input'],
    [{ input: '' }, 'missing_required_parameter', 'input'],
    [{ input: [] }, 'empty_array', 'input'],
    [{ max_output_tokens: 10 }, 'integer_below_min_value', 'max_output_tokens'],
    [{ max_tokens: 10 }, 'unsupported_parameter', 'max_tokens'],
    [{ messages: [] }, 'unsupported_parameter', 'messages'],
    [{ model: 'o3', temperature: 0 }, 'unsupported_value', 'temperature'],
  ])('%j is a 400 with code %s', (body, code, param) => {
    expect(openaiResponses.objection(asked(body))).toMatchObject({
      reason: 'invalid-request',
      code,
      param,
    });
  });

  it.each([
    { max_output_tokens: 16 },
    { input: undefined, previous_response_id: 'resp_1' },
    { model: 'gpt-5.4', temperature: 0, reasoning: { effort: 'none' } },
  ])('%j has none', (body) => {
    expect(openaiResponses.objection(asked(body))).toBeNull();
  });
});

describe('a rejection', () => {
  it('of an unknown model is a 400 here', () => {
    const reply = openaiResponses.reject({ reason: 'not-found' }, asked(), stamp);
    expect(reply.status).toBe(400);
    expect(errorIn(reply).error).toEqual({
      message: "The requested model 'gpt-4o' does not exist.",
      type: 'invalid_request_error',
      param: 'model',
      code: 'model_not_found',
    });
  });

  it('tells no limits of its own accord', () => {
    for (const reason of ['rate-limit', 'invalid-request', 'server-error'] as const) {
      const reply = openaiResponses.reject({ reason }, asked(), stamp);
      expect(headerOf(reply, 'x-ratelimit-limit-requests')).toBeNull();
    }
  });
});

describe('an answer', () => {
  const { text } = answers;
  if (text === undefined) throw new Error('there is no text');

  it('tells limits only where it does not stream', () => {
    const limits = (question: Asked) =>
      headerOf(answered(openaiResponses, question, []), 'x-ratelimit-limit-requests');
    expect(limits(asked())).toBe('500');
    expect(limits(asked({ stream: true }))).toBeNull();
  });

  it('opens and closes every item in the order of the documentation', () => {
    const events = eventsOf(openaiResponses.frames(text, asked({ stream: true })));
    expect([...new Set(events.map(({ type }) => type))]).toEqual([
      'response.created',
      'response.in_progress',
      'response.output_item.added',
      'response.content_part.added',
      'response.output_text.delta',
      'response.output_text.done',
      'response.content_part.done',
      'response.output_item.done',
      'response.completed',
    ]);
    expect(events.map(({ sequence_number }) => sequence_number)).toEqual([...events.keys()]);
  });
});

describe('an error inside a 200', () => {
  const { text } = answers;
  if (text === undefined) throw new Error('there is no text');

  it('goes on with the numbers and the id of the stream that it ends', () => {
    const question = asked({ stream: true });
    const sent = openaiResponses.frames(text, question).slice(0, 5);
    const rejection = { reason: 'quota' } as const;
    const events = eventsOf(openaiResponses.errorFrames(rejection, question, stamp, sent));
    const [created] = eventsOf(sent);
    expect(events).toMatchObject([
      { type: 'error', sequence_number: 5, error: { code: 'insufficient_quota', param: null } },
      {
        type: 'response.failed',
        sequence_number: 6,
        response: { status: 'failed', error: { code: 'insufficient_quota' } },
      },
    ]);
    const idOf = (event: Record<string, unknown> | undefined) => Object(event?.response).id;
    expect(idOf(events[1])).toBe(idOf(created));
  });

  it('opens the stream itself where nothing was sent', () => {
    const question = asked({ stream: true });
    const rejection = { reason: 'overloaded' } as const;
    const frames = openaiResponses.errorFrames(rejection, question, stamp, []);
    expect(eventsOf(frames).map(({ type }) => type)).toEqual([
      'response.created',
      'response.in_progress',
      'error',
      'response.failed',
    ]);
    expect(frames.map(({ role }) => role)).toEqual(['preamble', 'preamble', 'error', 'error']);
    for (const frame of frames) {
      const [event] = parseSse(textOf([frame]));
      if (event) expect(openaiResponses.classify(event).role).toBe(frame.role);
    }
  });

  it('of the server is response.failed alone, which the raw stream yields without throwing', async () => {
    const openai = client((question) => {
      const rejection = { reason: 'server-error' } as const;
      const frames = openaiResponses.errorFrames(rejection, question, stamp, []);
      return answered(openaiResponses, question, frames);
    });
    const types: string[] = [];
    const question = { model: 'gpt-4o', input: 'Hi', stream: true } as const;
    for await (const event of await openai.responses.create(question)) types.push(event.type);
    expect(types).toEqual(['response.created', 'response.in_progress', 'response.failed']);
  });

  it('without a stream is a body that the SDK takes for a success or trips over', async () => {
    const openai = client((question) => {
      const frames = openaiResponses.errorFrames({ reason: 'overloaded' }, question, stamp);
      return answered(openaiResponses, question, frames);
    });
    const outcome = await openai.responses
      .create({ model: 'gpt-4o', input: 'Hi' })
      .catch((thrown: unknown) => thrown);
    expect(outcome).not.toBeInstanceOf(OpenAI.APIError);
    expect(outcome).not.toMatchObject({ status: 'completed' });
  });
});
