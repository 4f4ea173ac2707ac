import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I09',
  on: 'rate-limit-storm-with-hint',
  mistake: 'It comes back after a tenth of a second, whatever the provider asks for.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Hasty extends Desk {
  override waitMs(failure: Failure, count: number): number | null {
    return count > 2 || !failure.retry ? null : 100;
  }
}

export default opened(Hasty);
