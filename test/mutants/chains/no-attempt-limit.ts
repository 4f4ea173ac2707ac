import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import { Watch } from '../watch.ts';

export const mutant: Mutant = {
  breaks: 'I07',
  on: 'stall-before-headers',
  mistake: 'Nothing but the HTTP client limits an attempt.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Patient extends Desk {
  override watch({ signal }: Call): Watch {
    return new Watch({ firstTextMs: 10 ** 9, idleMs: 6_000, totalMs: 10 ** 9 }, signal);
  }
}

export default opened(Patient);
