// LangChain.js: the first model with the others as its fallbacks.
import type { Question } from '../chains/chain.ts';
import { schemaOf } from '../chains/schema-of.ts';
import type { ReferenceSettings, TargetSettings } from '../chains/settings.ts';
import { keyOf } from '../chains/target-key.ts';
import { adapter, notInClients, refuseResponses, refuseTools } from './adapter.ts';
import { needed } from './needed.ts';

const name = 'langchain';
const packages = ['@langchain/core@1', '@langchain/openai@1', '@langchain/anthropic@1'] as const;

export const langchain = adapter({
  name,
  describe: 'LangChain.js: chat models withFallbacks',
  packages,
  notSaid: (settings) => notInClients(settings, "the library's own"),
  async load(settings) {
    refuseResponses(settings, name);
    const libraries: Libraries = {
      openai: await needed(packages, () => import('@langchain/openai')),
      anthropic: await needed(packages, () => import('@langchain/anthropic')),
    };
    return (stream) => {
      const { targets } = settings;
      return async (question, signal) => {
        refuseTools(question, name);
        const [first, ...others] = targets.map((target) =>
          modelOf(target, settings, question, libraries),
        );
        if (!first) throw new Error('a chain has a target');
        const model = first.withFallbacks(others);
        const messages = question.messages.map(({ role, content }): [string, string] => [
          role,
          content,
        ]);
        if (!stream) return (await model.invoke(messages, { signal })).text;
        return textOf(await model.stream(messages, { signal }));
      };
    };
  },
});

interface Libraries {
  openai: typeof import('@langchain/openai');
  anthropic: typeof import('@langchain/anthropic');
}

/** The answer's schema is a part of the model: the fallbacks take it in forms of their own. */
function modelOf(
  target: TargetSettings,
  { retry, attempt, maxTokens }: ReferenceSettings,
  question: Question,
  { openai, anthropic }: Libraries,
) {
  const schema = schemaOf(question);
  const { model, baseURL, provider } = target;
  const same = { model, apiKey: keyOf(target), maxTokens, maxRetries: retry.max };
  if (provider === 'openai') {
    const timeout = attempt.timeoutMs;
    const chat = new openai.ChatOpenAI({ ...same, timeout, configuration: { baseURL } });
    const json_schema = { name: 'answer', schema: schema ?? {} };
    const format = schema && { response_format: { type: 'json_schema' as const, json_schema } };
    return chat.withConfig({ ...format });
  }
  const clientOptions = { timeout: attempt.timeoutMs };
  const chat = new anthropic.ChatAnthropic({ ...same, anthropicApiUrl: baseURL, clientOptions });
  const format = schema && { outputConfig: { format: { type: 'json_schema' as const, schema } } };
  return chat.withConfig({ ...format });
}

async function* textOf(chunks: AsyncIterable<{ text: string }>): AsyncGenerator<string> {
  for await (const { text } of chunks) if (text !== '') yield text;
}
