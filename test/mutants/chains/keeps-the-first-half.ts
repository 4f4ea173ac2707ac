import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Part, Target } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I03',
  on: 'cut-stream',
  mistake: 'What a broken stream had brought stays in front of what the next attempt brings.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Thrifty extends Desk {
  readonly #halves = new WeakMap<Call, string>();

  override async *parts(target: Target, call: Call, signal: AbortSignal): AsyncGenerator<Part> {
    const half = this.#halves.get(call);
    if (half) yield { text: half };
    for await (const part of super.parts(target, call, signal)) {
      this.#halves.set(call, (this.#halves.get(call) ?? '') + (part.text ?? ''));
      yield part;
    }
  }
}

export default opened(Thrifty);
