import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I13',
  on: 'provider-outage',
  mistake: 'Only a rate limit is followed by another target.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Narrow extends Desk {
  override isLast(call: Call): boolean {
    return call.first?.kind !== 'rate-limit' || super.isLast(call);
  }
}

export default opened(Narrow);
