import type { Question } from '../../../harness/api.ts';
import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I27',
  on: 'cut-stream',
  mistake: 'The half answer of a broken attempt goes to the next one as something that was said.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Telling extends Desk {
  readonly #halves = new WeakMap<Question, string>();

  override async *parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    const { question } = call;
    const half = this.#halves.get(question);
    this.#halves.delete(question);
    const told =
      half === undefined ? question : { ...question, prompt: `${question.prompt}\n\n${half}` };
    const last = { role: 'user', content: told.prompt } as const;
    const messages = [...question.messages.slice(0, -1), last];
    let text = '';
    try {
      for await (const part of super.parts(
        target,
        { ...call, question: { ...told, messages } },
        signal,
      )) {
        text += part.text ?? '';
        yield part;
      }
    } catch (error) {
      if (text !== '') this.#halves.set(question, text);
      throw error;
    }
  }
}

export default opened(Telling);
