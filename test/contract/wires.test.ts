import Anthropic, {
  ContentTooLargeError,
  GatewayTimeoutError,
  OverloadedError,
  PaymentRequiredError,
  RequestTimeoutError,
  ServiceUnavailableError,
} from '@anthropic-ai/sdk';
import { ApiError, type GenerateContentResponse, GoogleGenAI } from '@google/genai';
import OpenAI from 'openai';
import { expect } from 'vitest';
import { wires } from '../../harness/wires/index.ts';
import type { Answer } from '../../harness/wires/wire.ts';
import { type Said, type Sdk, wireContract } from './wire.ts';

const plainRefusal = "I'm sorry, but I can't assist with that request.";
const user = { role: 'user', content: 'Where is my parcel?' } as const;

function openai(fetch: typeof globalThis.fetch): OpenAI {
  return new OpenAI({ apiKey: 'sk-test', baseURL: 'http://llm.test/v1', fetch, maxRetries: 0 });
}

function openAiClass(status: number | null): new (...args: never[]) => Error {
  if (status === 400) return OpenAI.BadRequestError;
  if (status === 401) return OpenAI.AuthenticationError;
  if (status === 403) return OpenAI.PermissionDeniedError;
  if (status === 404) return OpenAI.NotFoundError;
  if (status === 409) return OpenAI.ConflictError;
  if (status === 422) return OpenAI.UnprocessableEntityError;
  if (status === 429) return OpenAI.RateLimitError;
  return status !== null && status >= 500 ? OpenAI.InternalServerError : OpenAI.APIError;
}

function refusalOf(answer: Answer): string | null {
  return answer.refusal === '' ? plainRefusal : answer.refusal;
}

function chatSaid(completion: OpenAI.ChatCompletion): Said {
  const [choice] = completion.choices;
  const calls = (choice?.message.tool_calls ?? []).map((call) => {
    if (call.type !== 'function') throw new Error(`unexpected call ${call.type}`);
    return { name: call.function.name, arguments: JSON.parse(call.function.arguments) };
  });
  return {
    text: choice?.message.content ?? '',
    calls,
    refusal: choice?.message.refusal ?? null,
    stop: String(choice?.finish_reason),
    output: completion.usage?.completion_tokens ?? null,
  };
}

const chatStops: Readonly<Record<Answer['finish'], string>> = {
  stop: 'stop',
  refusal: 'stop',
  length: 'length',
  'tool-calls': 'tool_calls',
  'content-filter': 'content_filter',
};
const chatQuestion = { model: 'gpt-4o', messages: [user] };

const chat: Sdk = {
  async whole(fetch) {
    return chatSaid(await openai(fetch).chat.completions.create(chatQuestion));
  },
  async streamed(fetch) {
    const said: Said = { text: '', calls: [], refusal: null, stop: '', output: null };
    const pieces: { name: string; json: string }[] = [];
    const stream_options = { include_usage: true };
    const question = { ...chatQuestion, stream: true, stream_options } as const;
    for await (const chunk of await openai(fetch).chat.completions.create(question)) {
      said.output = chunk.usage?.completion_tokens ?? said.output;
      const [choice] = chunk.choices;
      said.text += choice?.delta.content ?? '';
      if (choice?.delta.refusal) said.refusal = (said.refusal ?? '') + choice.delta.refusal;
      for (const call of choice?.delta.tool_calls ?? []) {
        pieces[call.index] ??= { name: '', json: '' };
        const piece = pieces[call.index];
        if (piece) piece.name += call.function?.name ?? '';
        if (piece) piece.json += call.function?.arguments ?? '';
      }
      said.stop = choice?.finish_reason ?? said.stop;
    }
    said.calls = pieces.map(({ name, json }) => ({ name, arguments: JSON.parse(json) }));
    return said;
  },
  async helped(fetch) {
    return chatSaid(
      await openai(fetch).chat.completions.stream(chatQuestion).finalChatCompletion(),
    );
  },
  expected: (answer) => ({ refusal: refusalOf(answer), stop: chatStops[answer.finish] }),
  errorClass: openAiClass,
};

function responseSaid(response: OpenAI.Responses.Response): Said {
  const said: Said = {
    text: response.output_text,
    calls: [],
    refusal: null,
    stop: response.incomplete_details?.reason ?? String(response.status),
    output: response.usage?.output_tokens ?? null,
  };
  for (const item of response.output) {
    if (item.type === 'function_call') {
      said.calls.push({ name: item.name, arguments: JSON.parse(item.arguments) });
    }
    if (item.type !== 'message') continue;
    for (const part of item.content) if (part.type === 'refusal') said.refusal = part.refusal;
  }
  return said;
}

const responseStops: Readonly<Record<Answer['finish'], string>> = {
  stop: 'completed',
  refusal: 'completed',
  length: 'max_output_tokens',
  'tool-calls': 'completed',
  'content-filter': 'content_filter',
};
const responseQuestion = { model: 'gpt-4o', input: user.content };

const responses: Sdk = {
  async whole(fetch) {
    return responseSaid(await openai(fetch).responses.create(responseQuestion));
  },
  async streamed(fetch) {
    const said: Said = { text: '', calls: [], refusal: null, stop: '', output: null };
    let sequence = 0;
    const question = { ...responseQuestion, stream: true } as const;
    for await (const event of await openai(fetch).responses.create(question)) {
      expect(event.sequence_number).toBe(sequence++);
      if (event.type === 'response.output_text.delta') said.text += event.delta;
      if (event.type === 'response.refusal.delta') {
        said.refusal = (said.refusal ?? '') + event.delta;
      }
      if (event.type === 'response.output_item.done' && event.item.type === 'function_call') {
        said.calls.push({ name: event.item.name, arguments: JSON.parse(event.item.arguments) });
      }
      if (event.type === 'response.completed' || event.type === 'response.incomplete') {
        said.stop = responseSaid({ ...event.response, output_text: said.text }).stop;
        said.output = event.response.usage?.output_tokens ?? null;
      }
    }
    return said;
  },
  async helped(fetch) {
    return responseSaid(await openai(fetch).responses.stream(responseQuestion).finalResponse());
  },
  expected: (answer) => ({ refusal: refusalOf(answer), stop: responseStops[answer.finish] }),
  errorClass: openAiClass,
};

function anthropic(fetch: typeof globalThis.fetch): Anthropic {
  return new Anthropic({ apiKey: 'sk-test', baseURL: 'http://llm.test', fetch, maxRetries: 0 });
}

function anthropicClass(status: number | null): new (...args: never[]) => Error {
  const classes: Readonly<Record<number, new (...args: never[]) => Error>> = {
    400: Anthropic.BadRequestError,
    401: Anthropic.AuthenticationError,
    403: Anthropic.PermissionDeniedError,
    404: Anthropic.NotFoundError,
    402: PaymentRequiredError,
    408: RequestTimeoutError,
    409: Anthropic.ConflictError,
    413: ContentTooLargeError,
    422: Anthropic.UnprocessableEntityError,
    429: Anthropic.RateLimitError,
    503: ServiceUnavailableError,
    504: GatewayTimeoutError,
    529: OverloadedError,
  };
  if (status === null) return Anthropic.APIError;
  return classes[status] ?? (status >= 500 ? Anthropic.InternalServerError : Anthropic.APIError);
}

function messageSaid(message: Anthropic.Message): Said {
  const said: Said = {
    text: '',
    calls: [],
    refusal: message.stop_details?.explanation ?? null,
    stop: String(message.stop_reason),
    output: message.usage.output_tokens,
  };
  for (const block of message.content) {
    if (block.type === 'text') said.text += block.text;
    if (block.type === 'tool_use') said.calls.push({ name: block.name, arguments: block.input });
  }
  return said;
}

const messageStops: Readonly<Record<Answer['finish'], string>> = {
  stop: 'end_turn',
  refusal: 'refusal',
  length: 'max_tokens',
  'tool-calls': 'tool_use',
  'content-filter': 'refusal',
};
const messageQuestion = { model: 'claude-haiku-4-5', max_tokens: 100, messages: [user] };

const messages: Sdk = {
  async whole(fetch) {
    return messageSaid(await anthropic(fetch).messages.create(messageQuestion));
  },
  async streamed(fetch) {
    const said: Said = { text: '', calls: [], refusal: null, stop: '', output: null };
    let json = '';
    let name = '';
    const question = { ...messageQuestion, stream: true } as const;
    for await (const event of await anthropic(fetch).messages.create(question)) {
      if (event.type === 'content_block_start' && event.content_block.type === 'tool_use') {
        name = event.content_block.name;
        json = '';
      }
      if (event.type === 'content_block_delta') {
        if (event.delta.type === 'text_delta') said.text += event.delta.text;
        if (event.delta.type === 'input_json_delta') json += event.delta.partial_json;
      }
      if (event.type === 'content_block_stop' && name !== '') {
        said.calls.push({ name, arguments: JSON.parse(json) });
        name = '';
      }
      if (event.type === 'message_delta') {
        said.stop = String(event.delta.stop_reason);
        said.refusal = event.delta.stop_details?.explanation ?? null;
        said.output = event.usage.output_tokens;
      }
    }
    return said;
  },
  async helped(fetch) {
    return messageSaid(await anthropic(fetch).messages.stream(messageQuestion).finalMessage());
  },
  expected: (answer) => ({ refusal: answer.refusal || null, stop: messageStops[answer.finish] }),
  errorClass: anthropicClass,
};

/** It retries nothing unless it is told to. */
function google(fetch: typeof globalThis.fetch): GoogleGenAI {
  return new GoogleGenAI({ apiKey: 'sk-test', httpOptions: { baseUrl: 'http://llm.test', fetch } });
}

function geminiSaid(chunks: GenerateContentResponse[]): Said {
  const said: Said = { text: '', calls: [], refusal: null, stop: '', output: null };
  for (const chunk of chunks) {
    said.text += chunk.candidates?.[0]?.content?.parts?.length ? (chunk.text ?? '') : '';
    for (const { name = '', args } of chunk.functionCalls ?? []) {
      said.calls.push({ name, arguments: args });
    }
    const [candidate] = chunk.candidates ?? [];
    const { blockReason, blockReasonMessage } = chunk.promptFeedback ?? {};
    said.stop = candidate?.finishReason ?? blockReason ?? said.stop;
    said.refusal = blockReasonMessage ?? said.refusal;
    const usage = chunk.usageMetadata;
    said.output = (usage?.candidatesTokenCount ?? 0) + (usage?.thoughtsTokenCount ?? 0);
  }
  return said;
}

async function all<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const items: T[] = [];
  for await (const item of stream) items.push(item);
  return items;
}

const geminiStops: Readonly<Record<Answer['finish'], string>> = {
  stop: 'STOP',
  refusal: 'PROHIBITED_CONTENT',
  length: 'MAX_TOKENS',
  'tool-calls': 'STOP',
  'content-filter': 'SAFETY',
};
const geminiQuestion = { model: 'gemini-2.5-flash', contents: user.content };

const generateContent: Sdk = {
  async whole(fetch) {
    return geminiSaid([await google(fetch).models.generateContent(geminiQuestion)]);
  },
  async streamed(fetch) {
    return geminiSaid(await all(await google(fetch).models.generateContentStream(geminiQuestion)));
  },
  async helped(fetch) {
    const chat = google(fetch).chats.create({ model: geminiQuestion.model });
    const stream = await chat.sendMessageStream({ message: user.content });
    return geminiSaid(await all(stream));
  },
  // The SDK keeps the message of a block, and drops that of a finish.
  expected: ({ text, refusal, finish }) => ({
    refusal: text === '' ? refusal || null : null,
    stop: geminiStops[finish],
  }),
  errorClass: () => ApiError,
  tellsStatus: true,
};

wireContract(wires['openai-chat'], chat);
wireContract(wires['openai-responses'], responses);
wireContract(wires['anthropic-messages'], messages);
wireContract(wires.gemini, generateContent);
