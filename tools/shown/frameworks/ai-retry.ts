// ai-retry as its README shows it: one retry where it helps, then another model, whatever it was.
import { anthropic } from '@ai-sdk/anthropic';
import { openai } from '@ai-sdk/openai';
import { generateText } from 'ai';
import { createRetryableModel, error } from 'ai-retry/language-model';
import type { Ask } from '../../../harness/api.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

export default (): Ask => {
  const model = createRetryableModel({
    model: openai.chat('gpt-4o'),
    retries: [
      error.isRetryable(true).retry({ delay: 1_000, backoffFactor: 2 }),
      anthropic('claude-3-5-sonnet-latest'),
    ],
  });
  return async ({ prompt, system }, abortSignal) => {
    const asked = { model, prompt, abortSignal, ...(system === null ? {} : { system }) };
    return (await generateText({ ...asked, maxRetries: 0 })).text;
  };
};
