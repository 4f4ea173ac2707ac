import type { ChainAnswer, Question } from '../../../harness/api.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I25',
  on: 'corpus/client-gone-upstream-goes-on',
  mistake: 'The signal of the caller is never looked at.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Deaf extends Desk {
  override answer(question: Question): Promise<ChainAnswer> {
    return super.answer(question, new AbortController().signal);
  }
}

export default opened(Deaf);
