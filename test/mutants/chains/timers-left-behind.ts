import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';
import type { Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I26',
  on: 'rate-limit-storm',
  mistake:
    'Every failed attempt sets an interval that looks after its breaker, and nobody calls it off.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Littering extends Desk {
  override saw(target: Target, failure: Failure | null, call: Call): void {
    super.saw(target, failure, call);
    if (failure) setInterval(() => this.healthOf(target.name).isOpen, 60_000);
  }
}

export default opened(Littering);
