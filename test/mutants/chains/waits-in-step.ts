import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I10',
  on: 'corpus/lockstep-respawn-after-429',
  mistake: 'Whoever is turned away comes back after exactly the hinted time.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Punctual extends Desk {
  override jitterMs(): number {
    return 1;
  }
}

export default opened(Punctual);
