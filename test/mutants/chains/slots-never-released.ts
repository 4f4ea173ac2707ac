import type { Answer, Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I26',
  on: 'corpus/in-flight-counter-never-released',
  mistake: 'A slot is taken for every attempt, and given back only where it went well.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

const slots = 24;

class Narrow extends Desk {
  #taken = 0;

  override async attempt(target: Target, call: Call): Promise<Answer> {
    if (this.#taken >= slots) throw new Error('too many requests are in flight');
    this.#taken++;
    const answer = await super.attempt(target, call);
    this.#taken--;
    return answer;
  }

  override order(): readonly Target[] {
    return this.targets;
  }

  override waitMs(): null {
    return null;
  }
}

export default opened(Narrow);
