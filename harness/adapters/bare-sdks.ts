// The official SDKs with the retries that they have themselves, and a loop over the targets: the
// fallback of everybody who has not looked for a library.
import type Anthropic from '@anthropic-ai/sdk';
import type OpenAI from 'openai';
import type { Pieces, Question } from '../chains/chain.ts';
import { schemaOf } from '../chains/schema-of.ts';
import type { ReferenceSettings, TargetSettings } from '../chains/settings.ts';
import { keyOf } from '../chains/target-key.ts';
import { adapter, notInClients, refuseResponses, refuseTools } from './adapter.ts';
import { firstThatAnswers } from './first-that-answers.ts';
import { needed } from './needed.ts';

const name = 'bare-sdks';
const packages = ['openai@7', '@anthropic-ai/sdk@1'] as const;

export const bareSdks = adapter({
  name,
  describe: 'the official SDKs with their own retries, and a loop over the targets',
  packages,
  notSaid: (settings) => notInClients(settings, "the SDKs' own"),
  async load(settings) {
    refuseResponses(settings, name);
    const sdks: Sdks = {
      openai: (await needed(packages, () => import('openai'))).default,
      anthropic: (await needed(packages, () => import('@anthropic-ai/sdk'))).default,
    };
    return (stream) => {
      const targets = settings.targets.map((target) => clientOf(target, settings, sdks));
      return (question, signal) => {
        refuseTools(question, name);
        const ask = { question, signal, stream, maxTokens: settings.maxTokens };
        return firstThatAnswers(targets, (target) => target(ask), { stream, signal });
      };
    };
  },
});

interface Sdks {
  openai: typeof OpenAI;
  anthropic: typeof Anthropic;
}

interface Asked {
  question: Question;
  signal: AbortSignal;
  stream: boolean;
  maxTokens: number;
}

type Client = (asked: Asked) => Pieces;

function clientOf(
  target: TargetSettings,
  { retry, attempt }: ReferenceSettings,
  sdks: Sdks,
): Client {
  const { model, baseURL, provider } = target;
  const options = {
    apiKey: keyOf(target),
    baseURL,
    maxRetries: retry.max,
    timeout: attempt.timeoutMs,
  };
  if (provider === 'openai') {
    const client = new sdks.openai(options);
    return (asked) => openAiText(client, model, asked);
  }
  const client = new sdks.anthropic(options);
  return (asked) => anthropicText(client, model, asked);
}

async function* openAiText(
  client: OpenAI,
  model: string,
  { question, signal, stream, maxTokens }: Asked,
): AsyncGenerator<string> {
  const schema = schemaOf(question);
  const body = {
    model,
    messages: question.messages,
    max_tokens: maxTokens,
    ...(schema && {
      response_format: {
        type: 'json_schema' as const,
        json_schema: { name: 'answer', schema },
      },
    }),
  };
  if (!stream) {
    const { choices } = await client.chat.completions.create(body, { signal });
    yield choices[0]?.message.content ?? '';
    return;
  }
  const events = await client.chat.completions.create({ ...body, stream: true }, { signal });
  for await (const { choices } of events) {
    const text = choices[0]?.delta.content;
    if (text) yield text;
  }
}

async function* anthropicText(
  client: Anthropic,
  model: string,
  { question, signal, stream, maxTokens }: Asked,
): AsyncGenerator<string> {
  const schema = schemaOf(question);
  const body = {
    model,
    max_tokens: maxTokens,
    messages: [{ role: 'user' as const, content: question.prompt }],
    ...(question.system !== null && { system: question.system }),
    ...(schema && { output_config: { format: { type: 'json_schema' as const, schema } } }),
  };
  if (!stream) {
    const { content } = await client.messages.create(body, { signal });
    yield content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    return;
  }
  const events = await client.messages.create({ ...body, stream: true }, { signal });
  for await (const event of events) {
    if (event.type === 'content_block_delta' && event.delta.type === 'text_delta') {
      yield event.delta.text;
    }
  }
}
