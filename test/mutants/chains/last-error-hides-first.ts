import type { ChainAnswer } from '../../../harness/api.ts';
import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I22',
  on: 'corpus/exhausted-chain-restarts',
  mistake: 'When all fail, the error of the last target is thrown as it is.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Last extends Desk {
  #last: unknown = null;

  override failure(error: unknown): Failure {
    this.#last = error;
    return super.failure(error);
  }

  override exhausted(): ChainAnswer {
    throw this.#last;
  }
}

export default opened(Last);
