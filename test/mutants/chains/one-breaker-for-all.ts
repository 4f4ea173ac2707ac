import type { Call } from '../desk.ts';
import { Desk, opened } from '../desk.ts';
import type { Failure } from '../failure.ts';
import type { Health } from '../health.ts';
import type { Mutant } from '../mutant.ts';
import type { Target } from '../providers.ts';
import { gpt, mini } from '../providers.ts';

export const mutant: Mutant = {
  breaks: 'I20',
  on: 'corpus/model-404-cools-whole-profile',
  mistake:
    'One breaker stands before all models of a provider: a missing one closes the way to its sibling.',
};
export const targets = ['openai/gpt-4o', 'openai/gpt-4o-mini'];

class Coarse extends Desk {
  override readonly targets = [gpt, mini];

  override order(): readonly Target[] {
    return this.targets.filter(({ name }) => this.healthOf(name).allows());
  }

  override healthOf(name: string): Health {
    return super.healthOf(name.slice(0, name.indexOf('/')));
  }

  override saw(target: Target, failure: Failure | null, call: Call): void {
    if (failure) super.saw(target, { ...failure, unhealthy: true }, call);
  }
}

export default opened(Coarse);
