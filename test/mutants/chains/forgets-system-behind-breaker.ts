import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';
import { claudeBody, claudeParts, gpt } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I18',
  on: 'provider-outage',
  mistake: 'The short way around an open breaker goes without the system prompt.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Short extends Desk {
  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    const isAround = this.healthOf(gpt.name).isOpen && call.hops.length === 0;
    if (target.provider === 'openai' || !isAround) return super.parts(target, call, signal);
    const { system: _, ...body } = claudeBody(target, call.question);
    return claudeParts(target, body, signal);
  }
}

export default opened(Short);
