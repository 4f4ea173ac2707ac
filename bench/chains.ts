// The chains of the benchmark: the official SDKs as most people call them.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { ChainFactory, Question } from '../harness/chains/chain.ts';

export const openai = (fetch?: typeof globalThis.fetch): OpenAI =>
  new OpenAI({ apiKey: 'bench', maxRetries: 0, ...(fetch ? { fetch } : {}) });

export async function askJson(
  client: OpenAI,
  question: Pick<Question, 'messages'>,
): Promise<string> {
  const { messages } = question;
  const answer = await client.chat.completions.create({ model: 'gpt-4o', messages });
  return answer.choices[0]?.message.content ?? '';
}

export async function askStream(
  client: OpenAI,
  question: Pick<Question, 'messages'>,
): Promise<string> {
  const { messages } = question;
  const stream = await client.chat.completions.create({ model: 'gpt-4o', messages, stream: true });
  let text = '';
  for await (const chunk of stream) text += chunk.choices[0]?.delta?.content ?? '';
  return text;
}

export const jsonChain: ChainFactory = () => {
  const client = openai();
  return (question) => askJson(client, question);
};

export const streamChain: ChainFactory = () => {
  const client = openai();
  return (question) => askStream(client, question);
};

/** With the SDK's own retries, and another provider when they are used up. */
export const fallbackChain: ChainFactory = () => {
  const first = new OpenAI({ apiKey: 'bench' });
  const second = new Anthropic({ apiKey: 'bench' });
  return async (question) => {
    try {
      return await askJson(first, question);
    } catch {
      const answer = await second.messages.create({
        model: 'claude-3-5-sonnet-latest',
        max_tokens: 1024,
        messages: [{ role: 'user', content: question.prompt }],
      });
      return answer.content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    }
  };
};
