import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';
import type { Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I20',
  on: 'corpus/context-overflow-cools-healthy-route',
  mistake: 'A request that was too long opens the breaker, as an outage would.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Touchy extends Desk {
  override restMs = 300_000;

  override saw(target: Target, failure: Failure | null, call: Call): void {
    super.saw(target, failure, call);
    if (failure?.kind !== 'request') return;
    for (let count = 0; count < 5; count++) this.healthOf(target.name).failed();
  }
}

export default opened(Touchy);
