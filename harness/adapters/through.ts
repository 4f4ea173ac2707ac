// A chain file drilled through a library instead of the reference chain.
import type { Chain } from '../chains/chain.ts';
import { factsOf } from '../chains/chain-facts.ts';
import { readReferenceSettings } from '../chains/reference-config.ts';
import { InputError } from '../errors.ts';
import { gateways } from '../gateways/index.ts';
import { unknownWord } from '../scenario/nearest.ts';
import type { Adapter } from './adapter.ts';
import { adapters } from './index.ts';

/** Throws InputError for a name that there is not. */
export function adapterOf(name: string): Adapter {
  const found = Object.hasOwn(adapters, name) ? adapters[name] : undefined;
  if (found) return found;
  const known = [...Object.keys(adapters), ...Object.keys(gateways)];
  throw new InputError(`--through: ${unknownWord('library or gateway', name, known)}`);
}

/** The chain that a file describes, in the library's hands. Rejects with InputError. */
export async function chainThrough(file: string, name: string): Promise<Chain> {
  // A quality floor is not the library's: no table is needed.
  const settings = readReferenceSettings(file, { floor: false });
  const make = await adapterOf(name).load(settings);
  return {
    ...factsOf(settings),
    name: throughName(settings.name, name),
    factory: ({ stream } = settings) => make(stream),
    degradeText: null,
  };
}

/** What reports call it. */
export function throughName(chain: string, through: string | undefined): string {
  return through === undefined ? chain : `${chain}-${through}`;
}
