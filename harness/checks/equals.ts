import { z } from 'zod';
import type { Check } from './check.ts';
import { folded } from './text.ts';

interface Settings {
  wanted: string;
  keepCase: boolean;
}

/** The whole text is this one, ends trimmed; case counts only with `case: true`. */
export const equals: Check<Settings> = {
  kind: 'equals',
  describe: 'the whole text is this one',
  example: '{ equals: billing }',
  settings: z
    .strictObject({
      equals: z.string().trim().min(1).describe('The whole text is this.'),
      case: z.boolean().default(false).describe('Whether capitals count.'),
    })
    .transform((raw) => ({ wanted: folded(raw.equals, raw.case), keepCase: raw.case })),
  holds({ wanted, keepCase }, text) {
    return folded(text, keepCase) === wanted;
  },
};
