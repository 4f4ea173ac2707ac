import type { ChainOptions } from '../../../harness/api.ts';
import type { Answer } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import { NoAnswer } from '../failure.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I16',
  on: 'corpus/content-filter-finish-not-raised',
  mistake: 'What one model declines is asked of the next, unless the answer is streamed.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];
export const stream = false;

class Shopping extends Desk {
  override checked(answer: Answer, end: string | null): Answer {
    const checked = super.checked(answer, end);
    if (checked.refused && !this.streams) throw new NoAnswer('empty');
    return checked;
  }
}

export default (options: ChainOptions) => opened(Shopping, options.stream)();
