import type { ChainAnswer, Question } from '../../../harness/api.ts';
import type { Answer, Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I27',
  on: 'total-outage',
  mistake: 'The reply of an outage goes into the cache, and stands there when all is well again.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

export const degradeText = 'The assistant is unavailable right now.';

class Keeping extends Desk {
  readonly #kept = new Map<string, string>();

  override recall({ prompt }: Question): ChainAnswer | null {
    const text = this.#kept.get(prompt);
    return text === undefined ? null : { text, meta: { served: 'cache', hops: [] } };
  }

  override served(target: Target, answer: Answer, call: Call): ChainAnswer {
    this.#kept.set(call.question.prompt, answer.text);
    return super.served(target, answer, call);
  }

  override exhausted({ question, hops }: Call): ChainAnswer {
    this.#kept.set(question.prompt, degradeText);
    return { text: degradeText, meta: { served: 'degraded', degraded: true, hops } };
  }
}

export default opened(Keeping);
