import { z } from 'zod';
import type { Check } from './check.ts';
import { folded, occurrences } from './text.ts';

interface Settings {
  phrases: string[];
  keepCase: boolean;
  whole: boolean;
}

/** Every phrase is somewhere in the text; case counts only with `case: true`. */
export const contains: Check<Settings> = {
  kind: 'contains',
  describe: 'all of these phrases are somewhere in the text',
  example: '{ contains: ["refund", "5 working days"] }',
  settings: z
    .strictObject({
      contains: z
        .array(z.string().trim().min(1))
        .min(1)
        .describe('All of these are somewhere in the text.'),
      case: z.boolean().default(false).describe('Whether capitals count.'),
      whole: z.boolean().default(false).describe('Whether only whole words count.'),
    })
    .transform((raw) => ({
      phrases: raw.contains.map((phrase) => folded(phrase, raw.case)),
      keepCase: raw.case,
      whole: raw.whole,
    })),
  holds({ phrases, keepCase, whole }, text) {
    const hay = folded(text, keepCase);
    return phrases.every((phrase) => occurs(hay, phrase, whole));
  },
};

/** Whether a phrase is in a text, both folded. */
export function occurs(hay: string, phrase: string, whole: boolean): boolean {
  return whole ? occurrences(hay, phrase, true) > 0 : hay.includes(phrase);
}
