import type { Meta } from '../../../harness/api.ts';
import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I23',
  on: 'provider-outage',
  mistake: 'The result names the first target, whoever served.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Signing extends Desk {
  override meta(served: string, call: Call): Meta {
    const target = this.targets[0]?.name ?? '';
    const hops = [{ target, outcome: 'complete' }];
    return { ...super.meta(served, call), served: target, hops };
  }
}

export default opened(Signing);
