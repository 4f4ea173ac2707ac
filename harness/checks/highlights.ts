import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';

const settings = z.strictObject({
  highlights: rangeBeside({}).describe('How many parts between asterisks it has.'),
});

/** As markdown has it: no white space inside the asterisks, and all on one line. */
const HIGHLIGHT = /(\*{1,3})(?=[^\s*])[^*\n]*[^\s*]\1/g;

export const highlights: Check<z.infer<typeof settings>> = {
  kind: 'highlights',
  describe: 'the text has from min to max *highlighted* or **highlighted** parts',
  example: '{ highlights: { min: 3 } }',
  settings,
  holds: (given, text) => within(given.highlights, [...text.matchAll(HIGHLIGHT)].length),
};
