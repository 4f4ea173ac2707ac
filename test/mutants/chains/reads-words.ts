import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import { failureOf } from '../failure.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I14',
  on: 'corpus/digits-in-text-read-as-status',
  mistake: 'An error that says overloaded or rate limit is tried again, whatever its status.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Reader extends Desk {
  override failure(error: unknown): Failure {
    const words = error instanceof Error ? error.message : '';
    const failure = failureOf(error);
    return { ...failure, retry: failure.retry || /rate limit|overloaded|try again/i.test(words) };
  }
}

export default opened(Reader);
