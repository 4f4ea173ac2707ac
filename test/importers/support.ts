// What the tests of importers share: bodies as text, and what an error says.
import { InputError } from '../../harness/errors.ts';
import type { Importer } from '../../harness/importers/importer.ts';
import type { Exchange } from '../../harness/upstream/exchange.ts';

export function only(importer: Importer, text: string): Exchange {
  const [exchange, ...more] = importer.parse('some.file', text);
  if (!exchange || more.length > 0) throw new Error(`${more.length + 1} exchanges, expected one`);
  return exchange;
}

export function bodyText(exchange: Exchange): string {
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(exchange.response.body);
}

/** The message of the InputError that `run` throws; anything else fails the test. */
export function inputError(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    if (error instanceof InputError) return error.message;
    throw error;
  }
  throw new Error('no InputError was thrown');
}
