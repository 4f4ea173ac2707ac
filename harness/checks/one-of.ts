import { z } from 'zod';
import type { Check } from './check.ts';
import { folded } from './text.ts';

interface Settings {
  wanted: string[];
  keepCase: boolean;
}

/** The whole text is one of these, ends trimmed; case counts only with `case: true`. */
export const oneOf: Check<Settings> = {
  kind: 'oneOf',
  describe: 'the whole text is one of these',
  example: '{ oneOf: [billing, delivery, technical] }',
  settings: z
    .strictObject({
      oneOf: z
        .array(z.string().trim().min(1))
        .min(2, 'oneOf needs two or more; for one use equals')
        .describe('The whole text is one of these.'),
      case: z.boolean().default(false).describe('Whether capitals count.'),
    })
    .transform((raw) => ({
      wanted: raw.oneOf.map((entry) => folded(entry, raw.case)),
      keepCase: raw.case,
    })),
  holds({ wanted, keepCase }, text) {
    return wanted.includes(folded(text, keepCase));
  },
};
