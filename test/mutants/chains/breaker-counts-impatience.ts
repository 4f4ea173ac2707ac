import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I20',
  on: 'corpus/caller-timeouts-cool-down-the-primary',
  mistake: 'A caller who leaves counts as a failure of the provider.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Blaming extends Desk {
  override streams = false;
  override restMs = 120_000;

  override passOn(error: unknown, call: Call): void {
    if (call.signal.aborted) this.healthOf('openai/gpt-4o').failed();
    super.passOn(error, call);
  }
}

export default opened(Blaming);
