import OpenAI from 'openai';
import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I15',
  on: 'corpus/html-page-as-stream',
  mistake: 'Whatever a 200 has in it is shown, be it a login page.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Trusting extends Desk {
  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    if (target.provider === 'anthropic') return super.parts(target, call, signal);
    return asked(call, signal);
  }
}

async function* asked({ question }: Call, signal: AbortSignal): AsyncGenerator<Part> {
  const sdk = new OpenAI({ maxRetries: 0 });
  const response = await sdk.responses
    .create({ model: 'gpt-4o', input: question.messages }, { signal })
    .asResponse();
  const text = await response.text();
  yield { text: textIn(text) ?? text, end: 'stop' };
}

function textIn(body: string): string | null {
  try {
    const [message] = JSON.parse(body).output;
    return message.content[0].text;
  } catch {
    return null;
  }
}

export default opened(Trusting);
