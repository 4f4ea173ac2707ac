import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I17',
  on: 'provider-outage',
  mistake: 'The name of the model is a setting of the chain, and goes to every provider.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class OneModel extends Desk {
  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    return super.parts({ ...target, model: this.targets[0]?.model ?? target.model }, call, signal);
  }
}

export default opened(OneModel);
