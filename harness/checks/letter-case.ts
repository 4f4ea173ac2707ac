import { z } from 'zod';
import type { Check } from './check.ts';

const settings = z.strictObject({
  letterCase: z.enum(['upper', 'lower']).describe('Which letters it is written in.'),
});

/** Scripts without capitals fit either; a text must have one letter. */
export const letterCase: Check<z.infer<typeof settings>> = {
  kind: 'letterCase',
  describe: 'the whole text is in capitals (upper), or has none (lower)',
  example: '{ letterCase: lower }',
  settings,
  holds({ letterCase: wanted }, text) {
    const against = wanted === 'upper' ? /\p{Ll}/u : /[\p{Lu}\p{Lt}]/u;
    return /[\p{Ll}\p{Lu}\p{Lt}\p{Lo}]/u.test(text) && !against.test(text);
  },
};
