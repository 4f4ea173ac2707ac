import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';

const ANY = /^\s*(?:[-*\u2022\u2013]|\d{1,2}[.)])\s+\S/;
const UNNUMBERED = /^\s*[-*\u2022\u2013]\s+\S/;

const settings = z.strictObject({
  bullets: rangeBeside({
    numbered: z.boolean().default(true).describe('Whether `1. x` and `1) x` count too.'),
  }).describe('How many list lines it has: `- x`, `* x`, `1. x` or `1) x`.'),
});

/** `- x`, `* x`, a dash or round bullet, `1. x` or `1) x`. */
export const bullets: Check<z.infer<typeof settings>> = {
  kind: 'bullets',
  describe: 'the text has from min to max list lines',
  example: '{ bullets: { min: 3, max: 3 } }',
  settings,
  holds({ bullets: given }, text) {
    const bullet = given.numbered ? ANY : UNNUMBERED;
    return within(given, text.split('\n').filter((line) => bullet.test(line)).length);
  },
};
