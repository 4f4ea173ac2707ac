// Libraries that are drilled are the user's: they are loaded when they are asked for, and one that
// is not there is named with the command that installs it.
import { InputError } from '../errors.ts';

/** `load` imports one of `packages`. */
export async function needed<T>(packages: readonly string[], load: () => Promise<T>): Promise<T> {
  try {
    return await load();
  } catch (error) {
    if (!isMissing(error)) throw error;
    throw new InputError(`a library is not installed: npm i -D ${packages.join(' ')}`);
  }
}

function isMissing(error: unknown): boolean {
  const code: unknown = Reflect.get(Object(error), 'code');
  return code === 'ERR_MODULE_NOT_FOUND' || code === 'MODULE_NOT_FOUND';
}
