import { z } from 'zod';
import type { Check } from './check.ts';
import { folded } from './text.ts';

const settings = z
  .strictObject({
    postscript: z.string().trim().min(1).describe('What it begins with, like P.S. or P.P.S.'),
  })
  .transform((raw) => ({ letters: bare(raw.postscript) }));

/** Points and spaces in the marker are free: `P.S.`, `PS:` and `p. s.` are one. */
export const postscript: Check<z.infer<typeof settings>> = {
  kind: 'postscript',
  describe: 'a line of the text begins with this marker of a postscript, and says something',
  example: '{ postscript: P.S. }',
  settings,
  holds({ letters }, text) {
    return text.split('\n').some((line) => {
      const marker = /^[^\p{L}\p{N}]*((?:\p{L}(?:\. ?|\b))+)/u.exec(folded(line));
      return marker !== null && bare(marker[1] ?? '') === letters;
    });
  },
};

function bare(marker: string): string {
  return folded(marker).replace(/[^\p{L}\p{N}]/gu, '');
}
