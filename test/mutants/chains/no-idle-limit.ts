import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import { Watch } from '../watch.ts';

export const mutant: Mutant = {
  breaks: 'I06',
  on: 'stall-mid-stream',
  mistake: 'There is a limit until the first text, and none after it.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Trusting extends Desk {
  override watch({ signal }: Call): Watch {
    return new Watch({ firstTextMs: 8_000, idleMs: 10 ** 9, totalMs: 10 ** 9 }, signal);
  }
}

export default opened(Trusting);
