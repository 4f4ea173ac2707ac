import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I18',
  on: 'provider-outage',
  mistake: 'The other provider is not told which form the answer has to have.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Formless extends Desk {
  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    if (target.provider === 'openai') return super.parts(target, call, signal);
    return super.parts(target, { ...call, question: { ...call.question, schema: null } }, signal);
  }
}

export default opened(Formless);
