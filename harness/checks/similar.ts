// The check for answers that have a model answer. The measure is autoevals' Levenshtein scorer.
import { createRequire } from 'node:module';
import type * as Autoevals from 'autoevals';
import { z } from 'zod';
import type { Check } from './check.ts';
import { folded } from './text.ts';

type Measure = (text: string) => number;

interface Settings {
  reference: string;
  atLeast: number;
  keepCase: boolean;
  measure: Measure;
}

/** Comparing takes time in proportion to both texts: 4,000 characters with as many take 40 ms. */
const longest = 4000;

const least = 0.1;

/**
 * The text is nearly this one: 1 minus the share of characters that would have to be changed. White
 * space counts once, and case only with `case: true`.
 */
export const similar: Check<Settings> = {
  kind: 'similar',
  describe: 'the text is nearly this one: so much of it could stay',
  example: '{ similar: "Your parcel leaves on Monday.", atLeast: 0.8 }',
  settings: z
    .strictObject({
      similar: z
        .string()
        .trim()
        .min(1)
        .max(longest, `a reference has at most ${longest} characters`)
        .describe('A reference text.'),
      atLeast: z
        .number()
        .min(least)
        .max(1)
        .default(0.8)
        .describe('How much of it must be the same, from 0.1 to 1 (the very same).'),
      case: z.boolean().default(false).describe('Whether capitals count.'),
    })
    .transform((raw): Settings => {
      const reference = folded(raw.similar, raw.case);
      return { reference, atLeast: raw.atLeast, keepCase: raw.case, measure: likeness(reference) };
    }),
  holds({ reference, atLeast, keepCase, measure }, text) {
    const own = folded(text, keepCase);
    // What differs in length differs in so many characters at least: no need to look at them.
    const [shorter = 0, longer = 0] = [own.length, reference.length].sort((a, b) => a - b);
    return shorter / longer >= atLeast && measure(own) >= atLeast;
  },
};

/**
 * The package brings half a second's worth of code, two SDKs among it, so it is loaded by the first
 * workload that asks for it, and at once: nothing of it may be loaded while a trial runs.
 */
function likeness(expected: string): Measure {
  const { Levenshtein } = createRequire(import.meta.url)('autoevals') as typeof Autoevals;
  return (output) => {
    const result = Levenshtein({ output, expected });
    if (result instanceof Promise) throw new Error('Levenshtein of autoevals is not synchronous');
    return result.score ?? 0;
  };
}
