import OpenAI from 'openai';
import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';
import type { OpenAiBody, Part, Target } from '../providers.ts';
import { openAiBody } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I05',
  on: 'provider-outage',
  mistake: 'The SDK retries twice by itself, below a loop that tries three times.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Layered extends Desk {
  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    if (target.provider === 'anthropic') return super.parts(target, call, signal);
    return withRetries(openAiBody(target, call.question), signal);
  }

  override waitMs(failure: Failure, count: number): number | null {
    return count > 2 || !failure.retry ? null : this.jitterMs(count);
  }
}

async function* withRetries(body: OpenAiBody, signal: AbortSignal): AsyncGenerator<Part> {
  const sdk = new OpenAI();
  for await (const { choices } of await sdk.chat.completions.create(body, { signal })) {
    const [choice] = choices;
    if (choice?.delta.content) yield { text: choice.delta.content };
    if (choice?.finish_reason) yield { end: choice.finish_reason };
  }
}

export default opened(Layered);
