// A word of YAML that looks like none.
import { z } from 'zod';

/** One of some words, of which one is `null`: YAML takes that for nothing, without quotes. */
export function wordOrNull<const Words extends readonly string[]>(words: Words) {
  return z
    .preprocess((given) => (given === null ? 'null' : given), z.enum(words))
    .meta({ type: ['string', 'null'], enum: [...words, null] });
}
