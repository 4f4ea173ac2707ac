import { z } from 'zod';
import { type Check, folded } from './check.ts';

interface Settings {
  phrases: string[];
  keepCase: boolean;
}

/** None of the phrases is anywhere in the text; case counts only with `case: true`. */
export const notContains: Check<Settings> = {
  kind: 'notContains',
  example: '{ notContains: ["as an AI", "guarantee"] }',
  settings: z
    .strictObject({
      notContains: z
        .array(z.string().trim().min(1))
        .min(1)
        .describe('None of these is anywhere in the text.'),
      case: z.boolean().default(false).describe('Whether capitals count.'),
    })
    .transform((raw) => ({
      phrases: raw.notContains.map((phrase) => folded(phrase, raw.case)),
      keepCase: raw.case,
    })),
  holds({ phrases, keepCase }, text) {
    const hay = folded(text, keepCase);
    return !phrases.some((phrase) => hay.includes(phrase));
  },
};
