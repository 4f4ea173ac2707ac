// OpenAI's SDK in front of its two wires, for tests of single answers: what is served is frames,
// and what the SDK hands on is told as it is.
import OpenAI from 'openai';
import type { Quirks } from '../../harness/faults/effect.ts';
import { openaiChat } from '../../harness/wires/openai-chat.ts';
import { openaiResponses } from '../../harness/wires/openai-responses.ts';
import type { Answer, Asked, Frame, Wire } from '../../harness/wires/wire.ts';
import { answered, askedOf, fetchOf } from './served.ts';

export type Serve = (asked: Asked) => readonly Frame[];

const messages = [{ role: 'user' as const, content: 'Hi' }];
const input = 'Hi';
const model = 'gpt-4o';

export const thoughtful: Answer = {
  id: 'thoughtful',
  text: 'It is on its way.',
  reasoning: 'They ask where it is. I know that.',
  toolCalls: [],
  refusal: null,
  finish: 'stop',
  usage: { input: 21, output: 30, estimated: false },
};
export const silent: Answer = { ...thoughtful, id: 'silent', text: '', reasoning: '' };

function client(wire: Wire, serve: Serve): OpenAI {
  const fetch = fetchOf(wire, (asked) => answered(wire, asked, [...serve(asked)]));
  return new OpenAI({ apiKey: 'sk-test', baseURL: 'http://llm.test/v1', fetch, maxRetries: 0 });
}

/** An answer as a wire serves it, odd or not. */
export const rendered =
  (wire: Wire, answer: Answer, quirks: Quirks = {}): Serve =>
  (asked) =>
    wire.frames(answer, asked, quirks);

export function chatAsked(stream: boolean, more: Record<string, unknown> = {}): Asked {
  const body = { model, messages, stream, stream_options: { include_usage: true }, ...more };
  return askedOf(openaiChat, 'http://llm.test/v1/chat/completions', body);
}

export function responsesAsked(stream: boolean): Asked {
  const body = { model, input, stream };
  return askedOf(openaiResponses, 'http://llm.test/v1/responses', body);
}

export function chatWhole(serve: Serve): Promise<OpenAI.ChatCompletion> {
  return client(openaiChat, serve).chat.completions.create({ model, messages });
}

export interface Heard<Event> {
  events: Event[];
  error: unknown;
}

async function heard<Event>(stream: Promise<AsyncIterable<Event>>): Promise<Heard<Event>> {
  const events: Event[] = [];
  try {
    for await (const event of await stream) events.push(event);
    return { events, error: null };
  } catch (error) {
    return { events, error };
  }
}

export function chatChunks(serve: Serve): Promise<Heard<OpenAI.ChatCompletionChunk>> {
  const question = { model, messages, stream: true } as const;
  const stream_options = { include_usage: true };
  return heard(client(openaiChat, serve).chat.completions.create({ ...question, stream_options }));
}

/** Through the SDK's own stream helper. */
export function chatHelped(serve: Serve): Promise<OpenAI.ChatCompletion> {
  return client(openaiChat, serve)
    .chat.completions.stream({ model, messages })
    .finalChatCompletion();
}

export function responseWhole(serve: Serve): Promise<OpenAI.Responses.Response> {
  return client(openaiResponses, serve).responses.create({ model, input });
}

export function responseEvents(serve: Serve): Promise<Heard<OpenAI.Responses.ResponseStreamEvent>> {
  const question = { model, input, stream: true } as const;
  return heard(client(openaiResponses, serve).responses.create(question));
}

export function responseHelped(serve: Serve): Promise<OpenAI.Responses.Response> {
  return client(openaiResponses, serve).responses.stream({ model, input }).finalResponse();
}
