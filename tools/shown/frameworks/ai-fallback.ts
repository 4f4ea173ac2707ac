// ai-fallback as its README shows it, streaming.
import { anthropic } from '@ai-sdk/anthropic';
import { openai } from '@ai-sdk/openai';
import { streamText } from 'ai';
import { createFallback } from 'ai-fallback';
import type { Ask } from '../../../harness/api.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

export default (): Ask => {
  const model = createFallback({
    models: [openai.chat('gpt-4o'), anthropic('claude-3-5-sonnet-latest')],
  });
  return ({ prompt, system }, abortSignal) => {
    const asked = { model, prompt, abortSignal, ...(system === null ? {} : { system }) };
    return streamText({ ...asked, onError() {} }).textStream;
  };
};
