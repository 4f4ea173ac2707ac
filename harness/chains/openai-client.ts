// The SDK's client as both of OpenAI's wires use it. A leaf.
import OpenAI from 'openai';
import type { ClientOptions } from './target.ts';

export function openAiClient({ apiKey, baseURL, fetch, timeoutMs }: ClientOptions): OpenAI {
  return new OpenAI({
    apiKey,
    baseURL,
    fetch,
    timeout: timeoutMs,
    // The chain retries; two layers that do so multiply.
    maxRetries: 0,
    logLevel: 'off',
  });
}
