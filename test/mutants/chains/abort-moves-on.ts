import type { Answer, Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I25',
  on: 'corpus/cancel-advances-the-chain',
  mistake: 'An abort looks like any failure, and the next target is asked.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Eager extends Desk {
  override streams = false;

  override passOn(): void {}

  override waitMs(): null {
    return null;
  }

  override async attempt(target: Target, call: Call): Promise<Answer> {
    const signal = call.signal.aborted ? new AbortController().signal : call.signal;
    return super.attempt(target, { ...call, signal });
  }
}

export default opened(Eager);
