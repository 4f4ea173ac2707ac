import type { Answer, Call } from '../desk.ts';
import { opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';
import { claude, claudeBody, claudeParts, gpt } from '../providers.ts';
import { Race } from '../race.ts';

export const mutant: Mutant = {
  breaks: 'I18',
  on: 'slow-provider',
  mistake: 'Who is asked as well after three slow seconds is not told the system prompt.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

const patienceMs = 3_000;

class Hedge extends Race {
  override lanes(call: Call): Promise<Answer>[] {
    return [this.attempt(gpt, call), this.late(call)];
  }

  async late(call: Call): Promise<Answer> {
    await this.sleep(patienceMs, call.signal);
    return this.attempt(claude, call);
  }

  override parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    if (target === gpt) return super.parts(target, call, signal);
    const { system: _, ...body } = claudeBody(target, call.question);
    return claudeParts(target, body, signal);
  }
}

export default opened(Hedge);
