import type { Answer, Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Target } from '../providers.ts';
import { Watch } from '../watch.ts';

export const mutant: Mutant = {
  breaks: 'I26',
  on: 'corpus/upstream-connections-leak-on-cancel',
  mistake: 'A caller who has left is forgotten, and so is the stream that was opened for it.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Careless extends Desk {
  override async attempt(target: Target, call: Call): Promise<Answer> {
    const left = new Promise<never>((_, reject) => {
      call.signal.addEventListener('abort', () => reject(call.signal.reason), { once: true });
    });
    const unwatched = { ...call, signal: new AbortController().signal };
    return await Promise.race([super.attempt(target, unwatched), left]);
  }

  override watch(call: Call): Watch {
    return new Watch({ firstTextMs: 600_000, idleMs: 600_000, totalMs: 600_000 }, call.signal);
  }
}

export default opened(Careless);
