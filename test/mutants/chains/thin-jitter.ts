import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I10',
  on: 'corpus/lockstep-respawn-after-429',
  mistake: 'The jitter of a second try is a twentieth of a second wide.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Narrow extends Desk {
  override jitterMs(): number {
    return 200 + 50 * Math.random();
  }
}

export default opened(Narrow);
