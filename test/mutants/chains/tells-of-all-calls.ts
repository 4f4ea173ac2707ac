import type { Hop, Meta } from '../../../harness/api.ts';
import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Mutant } from '../mutant.ts';
import type { Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I23',
  on: 'provider-outage',
  mistake: 'The list of who failed is one for all calls, and grows for as long as it runs.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Gossip extends Desk {
  readonly #failed: Hop[] = [];

  override saw(target: Target, failure: Failure | null, call: Call): void {
    if (failure) this.#failed.push({ target: target.name, outcome: failure.outcome });
    super.saw(target, failure, call);
  }

  override meta(served: string, call: Call): Meta {
    const hops = [...this.#failed, { target: served, outcome: 'complete' }];
    return { ...super.meta(served, call), hops };
  }
}

export default opened(Gossip);
