import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Usage } from '../providers.ts';
import { claude, gpt } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I24',
  on: 'corpus/usage-sent-before-the-cut-is-lost',
  mistake: 'What a failed attempt had cost is forgotten with it.',
};
export const targets = ['anthropic/claude-3-5-sonnet-latest', 'openai/gpt-4o'];

class Forgetful extends Desk {
  override readonly targets = [claude, gpt];

  override count(used: Usage | null, call: Call): void {
    Object.assign(call.usage, { input: 0, output: 0 });
    super.count(used, call);
  }
}

export default opened(Forgetful);
