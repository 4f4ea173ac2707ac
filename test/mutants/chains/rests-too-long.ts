import { Desk, opened } from '../desk.ts';
import { Health } from '../health.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I21',
  on: 'provider-outage',
  mistake: 'A target that failed is left alone for a quarter of an hour, however soon it is well.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Resting extends Desk {
  override healthOf(name: string): Health {
    const known = this.health.get(name) ?? new Health(900_000);
    this.health.set(name, known);
    return known;
  }
}

export default opened(Resting);
