import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';

const settings = z.strictObject({ words: rangeBeside({}).describe('How many words it has.') });

/** A word is a run without spaces that has a letter or digit. */
export const words: Check<z.infer<typeof settings>> = {
  kind: 'words',
  describe: 'the text has from min to max words',
  example: '{ words: { min: 20, max: 60 } }',
  settings,
  holds: (given, text) => within(given.words, wordCount(text)),
};

export function wordCount(text: string): number {
  return text.split(/\s+/).filter((run) => /[\p{L}\p{Nd}]/u.test(run)).length;
}
