import { z } from 'zod';
import { messageOf } from '../errors.ts';
import type { Check } from './check.ts';

// g and y make a RegExp remember where it stopped, so a check would depend on the one before it.
const flags = z.string().regex(/^[imsu]*$/, 'flags are any of i, m, s, u');

/** The pattern is found somewhere in the text, exactly as the model wrote it. */
export const regex: Check<RegExp> = {
  kind: 'regex',
  describe: 'this pattern is found somewhere in the text',
  example: "{ regex: '^(yes|no)\\b', flags: i }",
  settings: z
    .strictObject({
      regex: z.string().min(1).describe('A pattern that is found somewhere in the text.'),
      flags: flags.default('').describe('Of the pattern: any of i, m, s and u.'),
    })
    .transform((raw, ctx): RegExp => {
      try {
        return new RegExp(raw.regex, raw.flags);
      } catch (error) {
        ctx.addIssue({ code: 'custom', path: ['regex'], message: messageOf(error) });
        return z.NEVER;
      }
    }),
  holds(pattern, text) {
    return pattern.test(text);
  },
};
