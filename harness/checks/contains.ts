import { z } from 'zod';
import { type Check, folded } from './check.ts';

interface Settings {
  phrases: string[];
  keepCase: boolean;
}

/** Every phrase is somewhere in the text; case counts only with `case: true`. */
export const contains: Check<Settings> = {
  kind: 'contains',
  example: '{ contains: ["refund", "5 working days"] }',
  settings: z
    .strictObject({
      contains: z
        .array(z.string().trim().min(1))
        .min(1)
        .describe('All of these are somewhere in the text.'),
      case: z.boolean().default(false).describe('Whether capitals count.'),
    })
    .transform((raw) => ({
      phrases: raw.contains.map((phrase) => folded(phrase, raw.case)),
      keepCase: raw.case,
    })),
  holds({ phrases, keepCase }, text) {
    const hay = folded(text, keepCase);
    return phrases.every((phrase) => hay.includes(phrase));
  },
};
