import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';

const settings = z.strictObject({
  capitalWords: rangeBeside({}).describe('How many words in capitals it has.'),
});

/** `NASA`, `U.S.`, `B2B` and `I` are words in capitals: a capital, and no small letter. */
export const capitalWords: Check<z.infer<typeof settings>> = {
  kind: 'capitalWords',
  describe: 'the text has from min to max words all in capitals',
  example: '{ capitalWords: { max: 2 } }',
  settings,
  holds({ capitalWords: given }, text) {
    const runs = text.split(/[\s/\u2013\u2014]+/);
    return within(given, runs.filter((run) => /\p{Lu}/u.test(run) && !/\p{Ll}/u.test(run)).length);
  },
};
