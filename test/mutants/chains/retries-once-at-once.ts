import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I09',
  on: 'rate-limit-storm',
  mistake: 'Its one retry after a 429 without a hint comes at once.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Impatient extends Desk {
  override waitMs(failure: Failure, count: number, call: Call): number | null {
    const wait = super.waitMs(failure, count, call);
    return wait !== null && failure.hintMs === null ? 0 : wait;
  }
}

export default opened(Impatient);
