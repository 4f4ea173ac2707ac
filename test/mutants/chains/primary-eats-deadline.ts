import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import { Watch } from '../watch.ts';

export const mutant: Mutant = {
  breaks: 'I08',
  on: 'stall-before-headers',
  mistake: 'One attempt may take as long as the whole call.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Patient extends Desk {
  override watch({ until, signal }: Call): Watch {
    const left = Math.max(1, until - performance.now());
    return new Watch({ firstTextMs: left, idleMs: left, totalMs: left }, signal);
  }
}

export default opened(Patient);
