import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';
import { claudeBody, claudeParts, openAiBody, openAiParts } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I17',
  on: 'provider-outage',
  mistake: 'The temperature that the first model was tuned for goes to all.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Tuned extends Desk {
  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    const tuned = { temperature: 0.2 };
    return target.provider === 'openai'
      ? openAiParts(target, { ...openAiBody(target, call.question), ...tuned }, signal)
      : claudeParts(target, { ...claudeBody(target, call.question), ...tuned }, signal);
  }
}

export default opened(Tuned);
