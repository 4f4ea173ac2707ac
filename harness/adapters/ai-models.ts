// The targets of a chain file as models of the AI SDK, and one question as what it is asked.
import type { OpenAIProvider } from '@ai-sdk/openai';
import type { ModelMessage } from 'ai';
import type { Pieces, Question } from '../chains/chain.ts';
import { schemaOf } from '../chains/schema-of.ts';
import type { ReferenceSettings } from '../chains/settings.ts';
import { keyOf } from '../chains/target-key.ts';
import { refuseTools } from './adapter.ts';
import { needed } from './needed.ts';

export const aiPackages = ['ai@7', '@ai-sdk/openai@4', '@ai-sdk/anthropic@4'] as const;

type Ai = typeof import('ai');
type Model = ReturnType<OpenAIProvider['chat']>;

export interface AiSdk {
  ai: Ai;
  /** Models of a fresh chain, in the order of its targets. */
  models(): Model[];
}

export async function aiSdk(
  { targets }: ReferenceSettings,
  packages: readonly string[] = aiPackages,
): Promise<AiSdk> {
  const ai = await needed(packages, () => import('ai'));
  const { createOpenAI } = await needed(packages, () => import('@ai-sdk/openai'));
  const { createAnthropic } = await needed(packages, () => import('@ai-sdk/anthropic'));
  const models = (): Model[] =>
    targets.map((target) => {
      const { provider, model, baseURL, wire } = target;
      const apiKey = keyOf(target);
      // Its base has the version in it; that of the SDK has not.
      if (provider === 'anthropic') {
        return createAnthropic({ apiKey, baseURL: `${baseURL}/v1` })(model);
      }
      const openai = createOpenAI({ apiKey, baseURL });
      return wire === 'openai-responses' ? openai.responses(model) : openai.chat(model);
    });
  return { ai, models };
}

export interface AiAsked {
  model: Model;
  question: Question;
  settings: ReferenceSettings;
  signal: AbortSignal;
  maxRetries: number;
}

/** The text of one model, or of several behind one face. A stream's errors end it as errors. */
export function aiText(ai: Ai, asked: AiAsked, stream: boolean): Pieces {
  return stream ? streamed(ai, asked) : whole(ai, asked);
}

async function* whole(ai: Ai, asked: AiAsked): AsyncGenerator<string> {
  const { text } = await ai.generateText(requestOf(ai, asked, false));
  yield text;
}

async function* streamed(ai: Ai, asked: AiAsked): AsyncGenerator<string> {
  // Without a listener it prints them too.
  const { stream } = ai.streamText({ ...requestOf(ai, asked, true), onError: () => {} });
  for await (const part of stream) {
    if (part.type === 'text-delta') yield part.text;
    else if (part.type === 'error') throw part.error;
    else if (part.type === 'abort') throw asked.signal.reason ?? new Error('aborted by a limit');
  }
}

function requestOf(
  ai: Ai,
  { model, question, settings, signal, maxRetries }: AiAsked,
  stream: boolean,
) {
  refuseTools(question, 'the AI SDK');
  const { attempt, deadlineMs, maxTokens } = settings;
  const schema = schemaOf(question);
  const messages: ModelMessage[] = [{ role: 'user', content: question.prompt }];
  return {
    model,
    messages,
    maxRetries,
    maxOutputTokens: maxTokens,
    abortSignal: signal,
    timeout: {
      totalMs: deadlineMs,
      stepMs: attempt.timeoutMs * (maxRetries + 1),
      // Of a whole answer it would warn that it cannot.
      ...(stream && { firstChunkMs: attempt.firstTokenMs, chunkMs: attempt.idleMs }),
    },
    ...(question.system !== null && { instructions: question.system }),
    ...(schema && { output: ai.Output.object({ schema: ai.jsonSchema(schema) }) }),
    providerOptions: { anthropic: { structuredOutputMode: 'outputFormat' } },
  };
}
