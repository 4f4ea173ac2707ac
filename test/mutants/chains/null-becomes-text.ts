import type { Answer } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I15',
  on: 'corpus/thinking-spends-the-whole-budget',
  mistake: 'Content that is not there is made a text, and the user reads undefined.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Stringy extends Desk {
  override streams = false;

  override checked(answer: Answer, end: string | null): Answer {
    return answer.text === '' ? { ...answer, text: String(undefined) } : super.checked(answer, end);
  }
}

export default opened(Stringy);
