// ai-retry: one model for the AI SDK that asks again where that helps, and others where it does
// not.
import { adapter, notInLibraries } from './adapter.ts';
import { aiPackages, aiSdk, aiText } from './ai-models.ts';
import { joined } from './first-that-answers.ts';
import { needed } from './needed.ts';

const packages = ['ai-retry@2', ...aiPackages] as const;

export const aiRetry = adapter({
  name: 'ai-retry',
  describe: 'ai-retry: one model for the AI SDK with retries and fallbacks by condition',
  packages,
  notSaid: (settings) => [
    'attempt: its limits hold for all targets together',
    'retry.jitter, retry.hintCap: it has neither; fallbacks are asked once',
    ...notInLibraries(settings),
  ],
  async load(settings) {
    const { ai, models } = await aiSdk(settings, packages);
    const { createRetryableModel, error } = await needed(
      packages,
      () => import('ai-retry/language-model'),
    );
    const { max, backoff } = settings.retry;
    return (stream) => {
      const [first, ...others] = models();
      if (!first) throw new Error('a chain has a target');
      const again = error
        .isRetryable(true)
        .retry({ maxAttempts: 1 + max, delay: backoff.fromMs, backoffFactor: 2 });
      const model = createRetryableModel({
        model: first,
        retries: [...(max > 0 ? [again] : []), ...others],
      });
      return (question, signal) => {
        const pieces = aiText(ai, { model, question, settings, signal, maxRetries: 0 }, stream);
        return stream ? pieces : joined(pieces);
      };
    };
  },
});
