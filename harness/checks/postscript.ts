import { z } from 'zod';
import type { Check } from './check.ts';
import { folded } from './text.ts';

const settings = z
  .strictObject({
    postscript: z.string().trim().min(1).describe('What it begins with, like P.S. or P.P.S.'),
  })
  .transform((raw, ctx) => {
    const letters = [...folded(raw.postscript).replace(/[^\p{L}\p{N}]/gu, '')];
    if (letters.length === 0) {
      ctx.addIssue({ code: 'custom', path: ['postscript'], message: 'has no letter, like P.S.' });
      return z.NEVER;
    }
    return {
      marker: new RegExp(`^[^\\p{L}\\p{N}]*${letters.join('[. ]{0,2}')}(?![\\p{L}\\p{N}])`, 'u'),
    };
  });

/** Points and spaces in the marker are free: `P.S.`, `PS:` and `p. s.` are one. */
export const postscript: Check<z.infer<typeof settings>> = {
  kind: 'postscript',
  describe: 'a line of the text begins with this marker of a postscript',
  example: '{ postscript: P.S. }',
  settings,
  holds: ({ marker }, text) => text.split('\n').some((line) => marker.test(folded(line))),
};
