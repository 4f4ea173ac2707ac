// How a desk asks its two providers: the official SDKs, their own retries off, streams read to the
// marker. Everything that an answer brings comes out as parts.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { Question } from '../../harness/api.ts';

export interface Target {
  /** provider/model */
  name: string;
  provider: 'openai' | 'anthropic';
  model: string;
  /** The credential that goes along. */
  key: string;
}

/** Tokens, as the provider counts them; what an attempt says last holds. */
export interface Usage {
  input?: number;
  output?: number;
}

export interface Part {
  text?: string;
  usage?: Usage;
  /** The finish reason or stop reason. */
  end?: string;
  refused?: true;
}

export const gpt = target('openai/gpt-4o');
export const mini = target('openai/gpt-4o-mini');
export const claude = target('anthropic/claude-3-5-sonnet-latest');

export function target(name: string): Target {
  const slash = name.indexOf('/');
  const provider = name.startsWith('openai/') ? 'openai' : 'anthropic';
  return { name, provider, model: name.slice(slash + 1), key: `${provider.toUpperCase()}_API_KEY` };
}

const maxTokens = 1024;
const client = { maxRetries: 0, logLevel: 'off' } as const;

export type OpenAiBody = OpenAI.ChatCompletionCreateParamsStreaming;
export type ClaudeBody = Anthropic.MessageCreateParamsStreaming;

export function openAiBody({ model }: Target, { messages, schema }: Question): OpenAiBody {
  return {
    model,
    messages,
    max_tokens: maxTokens,
    stream: true,
    stream_options: { include_usage: true },
    ...(isSchema(schema)
      ? { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema } } }
      : {}),
  };
}

export function claudeBody({ model }: Target, { system, prompt, schema }: Question): ClaudeBody {
  return {
    model,
    max_tokens: maxTokens,
    stream: true,
    messages: [{ role: 'user', content: prompt }],
    ...(system === null ? {} : { system }),
    ...(isSchema(schema) ? { output_config: { format: { type: 'json_schema', schema } } } : {}),
  };
}

export async function* openAiParts(
  { key }: Target,
  body: OpenAiBody,
  signal: AbortSignal,
): AsyncGenerator<Part> {
  const sdk = new OpenAI({ ...client, apiKey: process.env[key] ?? '' });
  const chunks = await sdk.chat.completions.create(body, { signal });
  for await (const { choices, usage } of chunks) {
    if (usage) yield { usage: { input: usage.prompt_tokens, output: usage.completion_tokens } };
    const [choice] = choices;
    if (!choice) continue;
    const { delta, finish_reason } = choice;
    if (delta.refusal) yield { text: delta.refusal, refused: true };
    if (delta.content) yield { text: delta.content };
    if (finish_reason) yield { end: finish_reason };
  }
}

/** The same, in one piece. */
export async function* openAiWhole(
  { key }: Target,
  { stream: _, stream_options: __, ...body }: OpenAiBody,
  signal: AbortSignal,
): AsyncGenerator<Part> {
  const sdk = new OpenAI({ ...client, apiKey: process.env[key] ?? '' });
  const { choices, usage } = await sdk.chat.completions.create(body, { signal });
  if (usage) yield { usage: { input: usage.prompt_tokens, output: usage.completion_tokens } };
  const [choice] = choices;
  if (!choice) return;
  const { content, refusal } = choice.message;
  if (refusal) yield { text: refusal, refused: true };
  if (content) yield { text: content };
  yield { end: choice.finish_reason };
}

export async function* claudeParts(
  { key }: Target,
  body: ClaudeBody,
  signal: AbortSignal,
): AsyncGenerator<Part> {
  const sdk = new Anthropic({ ...client, apiKey: process.env[key] ?? '', authToken: null });
  let reason = 'end_turn';
  for await (const event of await sdk.messages.create(body, { signal })) {
    switch (event.type) {
      case 'message_start':
        yield { usage: { input: event.message.usage.input_tokens } };
        break;
      case 'content_block_delta':
        if (event.delta.type === 'text_delta') yield { text: event.delta.text };
        break;
      case 'message_delta':
        reason = event.delta.stop_reason ?? reason;
        yield { usage: { output: event.usage.output_tokens } };
        break;
      case 'message_stop':
        yield { end: reason };
        break;
      default:
    }
  }
}

function isSchema(schema: unknown): schema is Record<string, unknown> {
  return typeof schema === 'object' && schema !== null;
}
