// Two official SDKs with what they do by default, and a catch between them.
import Anthropic from '@anthropic-ai/sdk';
import OpenAI from 'openai';
import type { Ask } from '../../../harness/api.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

export default (): Ask => {
  const openai = new OpenAI();
  const anthropic = new Anthropic();
  return async ({ messages, prompt, system }, signal) => {
    try {
      const { choices } = await openai.chat.completions.create(
        { model: 'gpt-4o', messages },
        { signal },
      );
      return choices[0]?.message.content ?? '';
    } catch {
      const { content } = await anthropic.messages.create(
        {
          model: 'claude-3-5-sonnet-latest',
          max_tokens: 1024,
          messages: [{ role: 'user', content: prompt }],
          ...(system === null ? {} : { system }),
        },
        { signal },
      );
      return content.map((block) => (block.type === 'text' ? block.text : '')).join('');
    }
  };
};
