import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I21',
  on: 'provider-outage',
  mistake: 'An open breaker lets a call through every eight seconds.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Restless extends Desk {
  override restMs = 8_000;
}

export default opened(Restless);
