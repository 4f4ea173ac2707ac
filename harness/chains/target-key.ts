// The key of a target, from the environment as it is now.
import { InputError } from '../errors.ts';
import type { TargetSettings } from './settings.ts';

/** Throws InputError where there is none. */
export function keyOf({ keyVariable, name }: Pick<TargetSettings, 'keyVariable' | 'name'>): string {
  const key = process.env[keyVariable];
  if (key) return key;
  throw new InputError(`${name} needs a key: set the environment variable ${keyVariable}`);
}
