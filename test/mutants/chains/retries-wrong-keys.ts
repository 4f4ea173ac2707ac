import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I11',
  on: 'corpus/upstream-401-returned-to-client',
  mistake: 'A wrong key is tried again, as if it could become right.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Stubborn extends Desk {
  override waitMs(failure: Failure, count: number): number | null {
    return count > 2 || failure.kind !== 'account' ? null : this.jitterMs(count);
  }
}

export default opened(Stubborn);
