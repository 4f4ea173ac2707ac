import { opened } from '../desk.ts';
import { Homemade } from '../homemade.ts';
import type { Mutant } from '../mutant.ts';

export const mutant: Mutant = {
  breaks: 'I28',
  on: 'corpus/split-line-dropped-silently',
  mistake: 'What comes in one read is taken for whole events.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Careless extends Homemade {
  override async *linesOf(body: AsyncIterable<Uint8Array>): AsyncGenerator<string> {
    const decoder = new TextDecoder();
    for await (const bytes of body) yield* decoder.decode(bytes, { stream: true }).split('\n');
  }
}

export default opened(Careless);
