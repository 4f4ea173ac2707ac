import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I17',
  on: 'provider-outage',
  mistake: 'Every provider is asked with the key of the first.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class OneKey extends Desk {
  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    return super.parts({ ...target, key: 'OPENAI_API_KEY' }, call, signal);
  }
}

export default opened(OneKey);
