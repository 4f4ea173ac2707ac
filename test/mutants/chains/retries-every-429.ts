import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import { failureOf } from '../failure.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I11',
  on: 'quota-exhausted',
  mistake: 'A 429 is a rate limit to it, also where the account is empty.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Plain extends Desk {
  override failure(error: unknown): Failure {
    const failure = failureOf(error);
    const status: unknown = Object(error).status;
    return status === 429 ? { ...failure, kind: 'rate-limit', retry: true } : failure;
  }
}

export default opened(Plain);
