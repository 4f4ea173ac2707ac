import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I09',
  on: 'corpus/retry-after-three-days',
  mistake: 'It sleeps for as long as a hint says, be it three days.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Patient extends Desk {
  override waitMs(failure: Failure, count: number): number | null {
    return count > 1 || failure.hintMs === null ? null : failure.hintMs;
  }
}

export default opened(Patient);
