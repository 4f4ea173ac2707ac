import type { Answer } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import { claude, gpt, mini } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I15',
  on: 'corpus/empty-fallback-answer-ends-chain',
  mistake: 'A 200 without a word in it is an answer without a word.',
};
export const targets = [
  'openai/gpt-4o',
  'anthropic/claude-3-5-sonnet-latest',
  'openai/gpt-4o-mini',
];

class Content extends Desk {
  override readonly targets = [gpt, claude, mini];

  override checked(answer: Answer, end: string | null): Answer {
    return answer.text === '' ? answer : super.checked(answer, end);
  }
}

export default opened(Content);
