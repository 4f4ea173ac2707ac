// Vercel's AI SDK: generateText or streamText with their own retries, and a loop over the models,
// for it has no fallback.
import { adapter, notInLibraries } from './adapter.ts';
import { aiPackages, aiSdk, aiText } from './ai-models.ts';
import { firstThatAnswers } from './first-that-answers.ts';

export const aiSdkAdapter = adapter({
  name: 'ai-sdk',
  describe: "Vercel's AI SDK with its own retries, and a loop over its models",
  packages: aiPackages,
  notSaid: (settings) => [
    'deadline: it holds for each target',
    'attempt.timeout: it holds for an attempt and its retries together',
    'retry.backoff, retry.jitter, retry.hintCap: 2 s doubled, and hints of up to 60 s',
    ...notInLibraries(settings),
  ],
  async load(settings) {
    const { ai, models } = await aiSdk(settings);
    return (stream) => {
      const targets = models();
      return (question, signal) => {
        const asked = { question, settings, signal, maxRetries: settings.retry.max };
        const ask = (model: (typeof targets)[number]) => aiText(ai, { model, ...asked }, stream);
        return firstThatAnswers(targets, ask, { stream, signal });
      };
    };
  },
});
