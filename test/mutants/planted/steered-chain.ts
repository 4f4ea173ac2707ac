// A chain of one target that streams or not as it is told, and treats refusals alike in both, or
// with a mistake: where it does not stream it reads the content of an answer, and nothing else.
import type { Ask, ChainOptions } from '../../../harness/chains/chain.ts';
import { openAiChatTarget } from '../../../harness/chains/openai-chat-target.ts';

export function steeredChain({ careful }: { careful: boolean }): (options?: ChainOptions) => Ask {
  return ({ stream } = { stream: true }) => {
    const { fetch } = globalThis;
    const apiKey = process.env.OPENAI_API_KEY ?? '';
    const baseURL = 'https://api.openai.com/v1';
    const options = { apiKey, baseURL, fetch, timeoutMs: 20_000 };
    const target = openAiChatTarget('openai/gpt-4o', 'gpt-4o', options);
    return async ({ prompt, system }, signal) => {
      const none = { partial: '', tools: [], session: [], schema: null };
      const asked = { prompt, system, ...none, maxTokens: 1024, stream };
      let text = '';
      let refused = false;
      for await (const part of target.ask(asked, signal)) {
        if (part.kind === 'text') text += part.text;
        refused ||= part.kind === 'end' && part.ending === 'refusal';
      }
      return refused && !stream && !careful ? '' : text;
    };
  };
}
