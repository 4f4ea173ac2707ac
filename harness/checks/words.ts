import { z } from 'zod';
import type { Check } from './check.ts';

interface Settings {
  min: number;
  max: number;
}

const limit = z.number().int().min(0);

/**
 * The text has from `min` to `max` words; a word is a run without spaces that has a letter or
 * digit.
 */
export const words: Check<Settings> = {
  kind: 'words',
  example: '{ words: { min: 20, max: 60 } }',
  settings: z
    .strictObject({
      words: z
        .strictObject({
          min: limit.optional().describe('At least so many.'),
          max: limit.optional().describe('At most so many.'),
        })
        .refine((raw) => raw.min !== undefined || raw.max !== undefined, 'give min, max or both')
        .refine((raw) => (raw.min ?? 0) <= (raw.max ?? Infinity), 'min is above max')
        .describe('How many words the text has.'),
    })
    .transform((raw) => ({ min: raw.words.min ?? 0, max: raw.words.max ?? Infinity })),
  holds({ min, max }, text) {
    const count = wordCount(text);
    return count >= min && count <= max;
  },
};

export function wordCount(text: string): number {
  return text.split(/\s+/).filter((run) => /[\p{L}\d]/u.test(run)).length;
}
