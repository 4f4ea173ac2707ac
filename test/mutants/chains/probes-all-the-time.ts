import { Desk, opened } from '../desk.ts';
import { Health } from '../health.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I21',
  on: 'provider-outage',
  mistake: 'An open breaker lets a call through every eight seconds.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Restless extends Desk {
  override healthOf(name: string): Health {
    const known = this.health.get(name) ?? new Health(8_000);
    this.health.set(name, known);
    return known;
  }
}

export default opened(Restless);
