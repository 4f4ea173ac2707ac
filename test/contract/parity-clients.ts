// The official SDKs as people use them, each in three ways: an answer at once, the raw stream, and
// the helper that gathers a stream. All tell what they saw in the same words.
import Anthropic from '@anthropic-ai/sdk';
import { type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';

export const clientNames = [
  'chat whole',
  'chat stream',
  'chat helper',
  'responses whole',
  'responses stream',
  'responses helper',
  'messages whole',
  'messages stream',
  'messages helper',
  'gemini whole',
  'gemini stream',
  'embeddings whole',
] as const;

export type ClientName = (typeof clientNames)[number];

export const models = {
  openai: 'gpt-4o-mini',
  anthropic: 'claude-3-5-haiku-latest',
  google: 'gemini-2.0-flash',
} as const;

export interface Wiring {
  fetch: typeof fetch;
  /** What to put before the path of the API: `https://api.openai.com` or a server in its place. */
  origin(host: string): string;
  headers: Record<string, string>;
  timeoutMs?: number;
  maxRetries?: number;
}

/** Told piece by piece, so that it is known where nothing more came. */
export interface Heard {
  text: string;
  /** How the answer ended, or what came in its place. */
  finish: string;
}

const messages = [{ role: 'user' as const, content: 'Who is there?' }];

/** Asks once; resolves or throws as the SDK does, having filled in what was heard. */
export function ask(client: ClientName, wiring: Wiring, heard: Heard): Promise<void> {
  switch (client) {
    case 'chat whole':
      return chatWhole(openai(wiring), heard);
    case 'chat stream':
      return chatStream(openai(wiring), heard);
    case 'chat helper':
      return chatHelper(openai(wiring), heard);
    case 'responses whole':
      return responsesWhole(openai(wiring), heard);
    case 'responses stream':
      return responsesStream(openai(wiring), heard);
    case 'responses helper':
      return responsesHelper(openai(wiring), heard);
    case 'messages whole':
      return messagesWhole(anthropic(wiring), heard);
    case 'messages stream':
      return messagesStream(anthropic(wiring), heard);
    case 'messages helper':
      return messagesHelper(anthropic(wiring), heard);
    case 'gemini whole':
      return geminiWhole(google(wiring), heard);
    case 'gemini stream':
      return geminiStream(google(wiring), heard);
    case 'embeddings whole':
      return embeddingsWhole(openai(wiring), heard);
    default:
      return client satisfies never;
  }
}

function openai({ fetch, origin, headers, timeoutMs, maxRetries }: Wiring): OpenAI {
  return new OpenAI({
    apiKey: 'sk-parity',
    baseURL: `${origin('api.openai.com')}/v1`,
    fetch,
    logLevel: 'off',
    defaultHeaders: headers,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(maxRetries === undefined ? {} : { maxRetries }),
  });
}

function anthropic({ fetch, origin, headers, timeoutMs, maxRetries }: Wiring): Anthropic {
  return new Anthropic({
    apiKey: 'sk-ant-parity',
    baseURL: origin('api.anthropic.com'),
    fetch,
    logLevel: 'off',
    defaultHeaders: headers,
    ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    ...(maxRetries === undefined ? {} : { maxRetries }),
  });
}

/** Unlike the others, it retries nothing by itself. */
function google({ fetch, origin, headers, timeoutMs }: Wiring): GoogleGenAI {
  return new GoogleGenAI({
    apiKey: 'sk-parity',
    httpOptions: {
      baseUrl: origin('generativelanguage.googleapis.com'),
      fetch,
      headers,
      ...(timeoutMs === undefined ? {} : { timeout: timeoutMs }),
    },
  });
}

/** What a vector says is told by its first numbers. */
async function embeddingsWhole(client: OpenAI, heard: Heard): Promise<void> {
  const input = 'Who is there?';
  const answer = await client.embeddings.create({ model: 'text-embedding-3-small', input });
  const [vector] = odd(answer, 'data') ? [] : answer.data;
  heard.text = JSON.stringify(vector?.embedding?.slice(0, 3)) ?? '';
  heard.finish = odd(answer, 'data') ?? `${vector?.embedding?.length ?? 'no'} numbers`;
}

/** What came in place of an object with `member`; null where it is there. */
function odd(value: unknown, member: string): string | null {
  if (typeof value !== 'object' || value === null) return typeof value;
  if (Reflect.get(value, member) !== undefined) return null;
  return `object without ${member}${'error' in value ? ', with error' : ''}`;
}

async function chatWhole(client: OpenAI, heard: Heard): Promise<void> {
  const answer = await client.chat.completions.create({ model: models.openai, messages });
  const [choice] = odd(answer, 'choices') ? [] : answer.choices;
  heard.text = choice?.message.content ?? '';
  heard.finish = odd(answer, 'choices') ?? choice?.finish_reason ?? 'none';
}

async function chatStream(client: OpenAI, heard: Heard): Promise<void> {
  const ask = { model: models.openai, messages, stream: true } as const;
  for await (const { choices } of await client.chat.completions.create(ask)) {
    heard.text += choices[0]?.delta.content ?? '';
    heard.finish = choices[0]?.finish_reason ?? heard.finish;
  }
}

async function chatHelper(client: OpenAI, heard: Heard): Promise<void> {
  const stream = client.chat.completions.stream({ model: models.openai, messages });
  stream.on('content', (delta) => {
    heard.text += delta;
  });
  const { choices } = await stream.finalChatCompletion();
  heard.finish = choices[0]?.finish_reason ?? 'none';
}

async function responsesWhole(client: OpenAI, heard: Heard): Promise<void> {
  const answer = await client.responses.create({ model: models.openai, input: 'Who is there?' });
  heard.text = answer.output_text ?? '';
  heard.finish = odd(answer, 'status') ?? answer.status ?? 'none';
}

async function responsesStream(client: OpenAI, heard: Heard): Promise<void> {
  const ask = { model: models.openai, input: 'Who is there?', stream: true } as const;
  for await (const event of await client.responses.create(ask)) {
    if (event.type === 'response.output_text.delta') heard.text += event.delta;
    const last = /^response\.(completed|incomplete|failed)$/.exec(event.type)?.[1];
    heard.finish = last ?? heard.finish;
  }
}

async function responsesHelper(client: OpenAI, heard: Heard): Promise<void> {
  const stream = client.responses.stream({ model: models.openai, input: 'Who is there?' });
  stream.on('response.output_text.delta', ({ delta }) => {
    heard.text += delta;
  });
  heard.finish = (await stream.finalResponse()).status ?? 'none';
}

const toClaude = { model: models.anthropic, max_tokens: 1024, messages };

async function messagesWhole(client: Anthropic, heard: Heard): Promise<void> {
  const answer = await client.messages.create(toClaude);
  const strange = odd(answer, 'content');
  if (!strange)
    for (const block of answer.content) if (block.type === 'text') heard.text += block.text;
  heard.finish = strange ?? answer.stop_reason ?? 'none';
}

async function messagesStream(client: Anthropic, heard: Heard): Promise<void> {
  for await (const event of await client.messages.create({ ...toClaude, stream: true })) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      heard.text += event.delta.text;
    }
    if (event.type === 'message_delta') heard.finish = event.delta.stop_reason ?? 'none';
  }
}

async function messagesHelper(client: Anthropic, heard: Heard): Promise<void> {
  const stream = client.messages.stream(toClaude);
  stream.on('text', (delta) => {
    heard.text += delta;
  });
  heard.finish = (await stream.finalMessage()).stop_reason ?? 'none';
}

const toGemini = { model: models.google, contents: 'Who is there?' };

async function geminiWhole(client: GoogleGenAI, heard: Heard): Promise<void> {
  hearGemini(await client.models.generateContent(toGemini), heard);
  heard.finish ||= 'none';
}

async function geminiStream(client: GoogleGenAI, heard: Heard): Promise<void> {
  for await (const chunk of await client.models.generateContentStream(toGemini)) {
    hearGemini(chunk, heard);
  }
}

function hearGemini(chunk: GenerateContentResponse, heard: Heard): void {
  heard.text += chunk.text ?? '';
  const [candidate] = chunk.candidates ?? [];
  heard.finish = candidate?.finishReason ?? chunk.promptFeedback?.blockReason ?? heard.finish;
}
