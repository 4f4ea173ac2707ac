import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I21',
  on: 'provider-outage',
  mistake: 'A target that failed is left alone for a quarter of an hour, however soon it is well.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Resting extends Desk {
  override restMs = 900_000;
}

export default opened(Resting);
