// The reference chain of a YAML file, with the official SDKs behind its targets.
import type { Ask, Chain } from './chain.ts';
import type { OnEvent } from './chain-event.ts';
import { factsOf } from './chain-facts.ts';
import { chance } from './chance.ts';
import { createTargets } from './create-targets.ts';
import { createEmbedder } from './embedder.ts';
import { otelHook } from './otel-hook.ts';
import { referenceChain } from './reference.ts';
import type { ReadingOptions } from './reference-config.ts';
import { readReferenceSettings } from './reference-config.ts';

/** The chain that a file describes. Throws InputError with file and line. */
export function readReferenceChain(file: string, options?: ReadingOptions): Chain {
  const settings = readReferenceSettings(file, options);
  const { cache, events, name } = settings;
  return {
    ...factsOf(settings),
    name,
    factory: ({ stream } = settings) => {
      const make = (onEvent: OnEvent | null): Ask => {
        const embedder = cache?.semantic ? createEmbedder(cache.semantic) : null;
        const targets = createTargets(settings);
        return referenceChain({ ...settings, stream }, targets, chance, { onEvent, embedder });
      };
      return events ? otelHook(name).then(make) : make(null);
    },
    degradeText: settings.degrade,
  };
}
