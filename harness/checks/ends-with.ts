import { z } from 'zod';
import type { Check } from './check.ts';
import { bordersAt, folded } from './text.ts';

const settings = z
  .strictObject({
    endsWith: z.string().trim().min(1).describe('The words that it ends with.'),
    case: z.boolean().default(false).describe('Whether capitals count.'),
  })
  .transform((raw) => ({ ...raw, words: folded(raw.endsWith, raw.case) }));

/** Whole words and the very signs; only a quotation mark that closes the whole may follow. */
export const endsWith: Check<z.infer<typeof settings>> = {
  kind: 'endsWith',
  describe: 'the text ends with these very words',
  example: '{ endsWith: "Is there anything else I can help with?" }',
  settings,
  holds({ words, case: keepCase }, text) {
    const whole = folded(text, keepCase);
    return [whole, whole.replace(/ ?["\u300d\u300f]$/, '')].some(
      (own) => own.endsWith(words) && bordersAt(own, own.length - words.length),
    );
  },
};
