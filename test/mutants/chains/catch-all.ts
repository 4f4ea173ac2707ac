import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I12',
  on: 'corpus/context-overflow-cools-healthy-route',
  mistake: 'Whatever went wrong is tried three times.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class CatchAll extends Desk {
  override waitMs(_failure: Failure, count: number): number | null {
    return count > 2 ? null : this.jitterMs(count);
  }
}

export default opened(CatchAll);
