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
    marks: z
      .boolean()
      .default(true)
      .describe('Whether quotation marks and markdown marks may stand before it.'),
    case: z.boolean().default(false).describe('Whether capitals count.'),
  })
  .transform((raw) => ({ ...raw, words: folded(raw.startsWith, raw.case) }));

const BEFORE = /^[\s#*_>"'\u300c\u300e-]+/;

/** Whole words: `Hi` does not begin `History`. */
export const startsWith: Check<z.infer<typeof settings>> = {
  kind: 'startsWith',
  describe: 'the text, or one of its paragraphs, begins with these words',
  example: '{ startsWith: Dear, paragraph: 1 }',
  settings,
  holds({ words, paragraph, marks, case: keepCase }, text) {
    const part = paragraph === undefined ? text : (paragraphsOf(text)[paragraph - 1] ?? '');
    const whole = folded(part, keepCase);
    return [whole, ...(marks ? [whole.replace(BEFORE, '')] : [])].some(
      (own) => own.startsWith(words) && bordersAt(own, words.length),
    );
  },
};
