// The AI SDK's stream of one model, as its guides show it; failures of the stream end the answer.
import { openai } from '@ai-sdk/openai';
import { streamText } from 'ai';
import type { Ask } from '../../../harness/api.ts';

export const targets = ['openai/gpt-4o'];

export default (): Ask =>
  ({ prompt, system }, abortSignal) => {
    const model = openai.chat('gpt-4o');
    const asked = { model, prompt, abortSignal, ...(system === null ? {} : { system }) };
    return streamText({ ...asked, onError() {} }).textStream;
  };
