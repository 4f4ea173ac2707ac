import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Watch } from '../watch.ts';

export const mutant: Mutant = {
  breaks: 'I25',
  on: 'corpus/retry-sleep-ignores-abort',
  mistake:
    'A wait between two attempts goes on when nobody waits any more, and the attempt follows.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Sleepy extends Desk {
  override sleep(ms: number): Promise<void> {
    return new Promise((resolve) => setTimeout(resolve, ms));
  }

  override passOn(): void {}

  override watch(call: Call): Watch {
    return super.watch({ ...call, signal: new AbortController().signal });
  }
}

export default opened(Sleepy);
