import { opened } from '../desk.ts';
import { Homemade } from '../homemade.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I28',
  on: 'corpus/multibyte-character-split',
  mistake: 'Each read is made text by itself, so that a letter in two reads is two wrong ones.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Careless extends Homemade {
  override async *linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    let rest = '';
    for await (const bytes of body) {
      rest += new TextDecoder().decode(bytes);
      const lines = rest.split('\n');
      rest = lines.pop() ?? '';
      yield* lines;
    }
  }
}

export default opened(Careless);
