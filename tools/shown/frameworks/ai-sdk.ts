// The AI SDK with what it does by default: two retries, and no other model.
import { anthropic } from '@ai-sdk/anthropic';
import { openai } from '@ai-sdk/openai';
import type { LanguageModel } from 'ai';
import { generateText } from 'ai';
import type { Ask } from '../../../harness/api.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

export default (): Ask =>
  async ({ prompt, system }, abortSignal) => {
    const ask = async (model: LanguageModel): Promise<string> => {
      const asked = { model, prompt, abortSignal, ...(system === null ? {} : { system }) };
      return (await generateText(asked)).text;
    };
    try {
      return await ask(openai.chat('gpt-4o'));
    } catch {
      return ask(anthropic('claude-3-5-sonnet-latest'));
    }
  };
