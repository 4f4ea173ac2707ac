import type { Meta } from '../../../harness/api.ts';
import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I23',
  on: 'provider-outage',
  mistake: 'The result says neither who served nor that anybody else had failed.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Silent extends Desk {
  override meta(served: string, call: Call): Meta {
    const [hop] = call.hops.slice(-1);
    return { ...super.meta(served, call), served: 'openai/gpt-4o', hops: hop ? [hop] : [] };
  }
}

export default opened(Silent);
