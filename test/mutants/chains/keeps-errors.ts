import type { ChainAnswer, Question } from '../../../harness/api.ts';
import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I27',
  on: 'total-outage',
  mistake: 'An error is remembered for an hour, as an answer would be.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Keeping extends Desk {
  readonly #kept = new Map<string, Error>();

  override recall({ prompt }: Question): ChainAnswer | null {
    const error = this.#kept.get(prompt);
    if (error) throw error;
    return null;
  }

  override exhausted(call: Call): ChainAnswer {
    try {
      return super.exhausted(call);
    } catch (error) {
      if (error instanceof Error) this.#kept.set(call.question.prompt, error);
      throw error;
    }
  }
}

export default opened(Keeping);
