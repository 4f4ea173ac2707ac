import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';
import { claudeBody, claudeParts } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I18',
  on: 'provider-outage',
  mistake: 'The translation to the other provider leaves the system prompt out.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Forgetful extends Desk {
  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    if (target.provider === 'openai') return super.parts(target, call, signal);
    const { system: _, ...body } = claudeBody(target, call.question);
    return claudeParts(target, body, signal);
  }
}

export default opened(Forgetful);
