import type { Answer, Call } from '../desk.ts';
import { opened } from '../desk.ts';
import type { Mutant } from '../mutant.ts';
import type { Target } from '../providers.ts';
import { Race } from '../race.ts';

export const mutant: Mutant = {
  breaks: 'I16',
  on: 'rejected-requests',
  mistake: 'Of a race it takes the first answer that is no refusal, and tells of no other.',
};
export const targets = ['openai/gpt-4o', 'anthropic/claude-3-5-sonnet-latest'];

class Choosy extends Race {
  override lanes(call: Call): Promise<Answer>[] {
    return this.targets.map((target) => this.lane(target, call));
  }

  async lane(target: Target, call: Call): Promise<Answer> {
    const answer = await this.attempt(target, call);
    if (answer.refused) throw new Error(`${target.name} refused: ${answer.text}`);
    return answer;
  }
}

export default opened(Choosy);
