// LangChain's withFallbacks with what its models do by default.
import { ChatAnthropic } from '@langchain/anthropic';
import { ChatOpenAI } from '@langchain/openai';
import type { Ask } from '../../../harness/api.ts';

export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

export default (): Ask => {
  const claude = new ChatAnthropic({ model: 'claude-3-5-sonnet-latest' });
  const model = new ChatOpenAI({ model: 'gpt-4o' }).withFallbacks([claude]);
  return async ({ messages }, signal) => {
    const asked = messages.map(({ role, content }): [string, string] => [role, content]);
    return (await model.invoke(asked, { signal })).text;
  };
};
