// ai-fallback: one model for the AI SDK that stands for several.
import { adapter, notInLibraries } from './adapter.ts';
import { aiPackages, aiSdk, aiText } from './ai-models.ts';
import { joined } from './first-that-answers.ts';
import { needed } from './needed.ts';

const packages = ['ai-fallback@3', ...aiPackages] as const;

export const aiFallback = adapter({
  name: 'ai-fallback',
  describe: 'ai-fallback: one model for the AI SDK that stands for several',
  packages,
  notSaid: (settings) => [
    'attempt: its limits hold for all targets together',
    'retry: errors that can be retried go to the next target',
    ...notInLibraries(settings),
  ],
  async load(settings) {
    const { ai, models } = await aiSdk(settings, packages);
    const { createFallback } = await needed(packages, () => import('ai-fallback'));
    return (stream) => {
      const model = createFallback({ models: models() });
      return (question, signal) => {
        const pieces = aiText(ai, { model, question, settings, signal, maxRetries: 0 }, stream);
        return stream ? pieces : joined(pieces);
      };
    };
  },
});
