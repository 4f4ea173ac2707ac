import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';
import { folded, occurrences } from './text.ts';

const settings = z
  .strictObject({
    frequency: rangeBeside({
      of: z.string().trim().min(1).describe('A word, a phrase, a letter or any other sign.'),
    }).describe('How often it has something.'),
    case: z.boolean().default(false).describe('Whether capitals count.'),
    whole: z.boolean().default(false).describe('Whether only whole words count.'),
  })
  .transform((raw) => ({ ...raw, phrase: folded(raw.frequency.of, raw.case) }));

export const frequency: Check<z.infer<typeof settings>> = {
  kind: 'frequency',
  describe: 'a word, a phrase or a letter occurs from min to max times',
  example: '{ frequency: { of: invoice, min: 2, max: 4 } }',
  settings,
  holds({ frequency: given, phrase, whole, case: keepCase }, text) {
    return within(given, occurrences(folded(text, keepCase), phrase, whole));
  },
};
