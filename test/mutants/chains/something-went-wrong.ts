import type { ChainAnswer } from '../../../harness/api.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I22',
  on: 'total-outage',
  mistake: 'When all fail, the caller reads that something went wrong.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Terse extends Desk {
  override exhausted(): ChainAnswer {
    throw new Error('Something went wrong.');
  }
}

export default opened(Terse);
