// The help of a made-up garden shop: streams gpt-4o's answer and turns to Claude when that fails.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';

const openai = new OpenAI({ timeout: 8000, maxRetries: 1 });
const anthropic = new Anthropic({ timeout: 8000 });
const system = 'You answer customers of Pocket Garden in at most three sentences.';

async function* answer(question: string, signal: AbortSignal): AsyncGenerator<string> {
  const user = { role: 'user' as const, content: question };
  try {
    const stream = await openai.chat.completions.create(
      {
        model: 'gpt-4o',
        stream: true,
        messages: [{ role: 'system', content: system }, user],
      },
      { signal },
    );
    for await (const chunk of stream) yield chunk.choices[0]?.delta.content ?? '';
  } catch {
    const asked = { model: 'claude-haiku-5-5', max_tokens: 300, system, messages: [user] };
    const reply = await anthropic.messages.create(asked, { signal });
    for (const block of reply.content) if (block.type === 'text') yield block.text;
  }
}

export default () => (asked: { prompt: string }, signal: AbortSignal) =>
  answer(asked.prompt, signal);
