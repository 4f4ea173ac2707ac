import type { Answer } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I01',
  on: 'truncated-stream',
  mistake: 'A stream that just ends is an answer, marker or not.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Content extends Desk {
  override checked(answer: Answer, end: string | null): Answer {
    return super.checked(answer, end ?? 'stop');
  }
}

export default opened(Content);
