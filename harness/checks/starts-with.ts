import { z } from 'zod';
import type { Check } from './check.ts';
import { bordersAt, folded, paragraphsOf } from './text.ts';

const settings = z
  .strictObject({
    startsWith: z.string().trim().min(1).describe('The words that it begins with.'),
    paragraph: z
      .number()
      .int()
      .min(1)
      .optional()
      .describe('Which paragraph is meant, from 1; left out: the whole text.'),
    case: z.boolean().default(false).describe('Whether capitals count.'),
  })
  .transform((raw) => ({ ...raw, words: folded(raw.startsWith, raw.case) }));

/** Whole words: `Hi` does not begin `History`. Quotes and markdown's marks before them are in. */
export const startsWith: Check<z.infer<typeof settings>> = {
  kind: 'startsWith',
  describe: 'the text, or one of its paragraphs, begins with these words',
  example: '{ startsWith: Dear, paragraph: 1 }',
  settings,
  holds({ words, paragraph, case: keepCase }, text) {
    const part = paragraph === undefined ? text : (paragraphsOf(text)[paragraph - 1] ?? '');
    const own = folded(part, keepCase);
    return own.startsWith(words) && bordersAt(own, words.length);
  },
};
