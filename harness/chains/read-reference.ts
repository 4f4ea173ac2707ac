// The reference chain of a YAML file, with the official SDKs behind its targets.
import type { Chain } from './chain.ts';
import { factsOf } from './chain-facts.ts';
import { chance } from './chance.ts';
import { createTargets } from './create-targets.ts';
import { referenceChain } from './reference.ts';
import type { ReadingOptions } from './reference-config.ts';
import { readReferenceSettings } from './reference-config.ts';

/** The chain that a file describes. Throws InputError with file and line. */
export function readReferenceChain(file: string, options?: ReadingOptions): Chain {
  const settings = readReferenceSettings(file, options);
  return {
    ...factsOf(settings),
    name: settings.name,
    factory: ({ stream } = settings) =>
      referenceChain({ ...settings, stream }, createTargets(settings), chance),
    degradeText: settings.degrade,
  };
}
