import { APIError } from 'openai';
import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I02',
  on: 'in-stream-overload',
  mistake:
    'What fails after a 200 is thrown at the caller: only statuses are followed by another target.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Strict extends Desk {
  override passOn(error: unknown, call: Call): void {
    super.passOn(error, call);
    if (error instanceof APIError && error.status === undefined && error.error) throw error;
  }
}

export default opened(Strict);
