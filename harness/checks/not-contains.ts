import { z } from 'zod';
import type { Check } from './check.ts';
import { occurs } from './contains.ts';
import { folded } from './text.ts';

interface Settings {
  phrases: string[];
  keepCase: boolean;
  whole: boolean;
}

/** None of the phrases is anywhere in the text; case counts only with `case: true`. */
export const notContains: Check<Settings> = {
  kind: 'notContains',
  describe: 'none of these phrases is anywhere in the text',
  example: '{ notContains: ["as an AI", "guarantee"] }',
  settings: z
    .strictObject({
      notContains: z
        .array(z.string().trim().min(1))
        .min(1)
        .describe('None of these is anywhere in the text.'),
      case: z.boolean().default(false).describe('Whether capitals count.'),
      whole: z.boolean().default(false).describe('Whether only whole words count.'),
    })
    .transform((raw) => ({
      phrases: raw.notContains.map((phrase) => folded(phrase, raw.case)),
      keepCase: raw.case,
      whole: raw.whole,
    })),
  holds({ phrases, keepCase, whole }, text) {
    const hay = folded(text, keepCase);
    return !phrases.some((phrase) => occurs(hay, phrase, whole));
  },
};
