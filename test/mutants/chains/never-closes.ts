import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I21',
  on: 'provider-outage',
  mistake: 'A breaker that has opened stays open.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Final extends Desk {
  override restMs = 10 ** 9;
}

export default opened(Final);
