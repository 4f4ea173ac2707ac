// Which targets are good enough for a question. A wrong answer to a critical one is worse than
// none, so whoever is measured below the minimum at its kind of task is not asked; any other
// question is better answered poorly than not at all.
import { everything } from '../measured-means.ts';
import type { Question } from './chain.ts';
import type { QualitySettings } from './settings.ts';
import type { Target } from './target.ts';

export function goodEnough(
  targets: readonly Target[],
  { critical, family }: Question,
  quality: QualitySettings | null,
): readonly Target[] {
  if (!critical || !quality) return targets;
  const { minimum, means } = quality;
  return targets.filter(({ name }) => {
    const own = means[name];
    // Of a kind that was not measured, all that were stand for it.
    const mean = own?.[family ?? everything] ?? own?.[everything];
    return mean !== undefined && mean >= minimum;
  });
}
