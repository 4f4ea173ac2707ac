// Words of which one is `null`, for faults that take away what is usually there.
import { z } from 'zod';

/** One of some words, or `null`: without quotes, YAML takes that for nothing. */
export function wordOrNull<const Words extends readonly string[]>(words: Words) {
  return z.union([z.enum(words), z.null().transform(() => 'null' as const)]);
}
