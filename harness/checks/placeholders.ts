import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';

const settings = z.strictObject({
  placeholders: rangeBeside({}).describe('How many parts in square brackets it has.'),
});

const PLACEHOLDER = /\[([^[\]\n]*)\]/g;

export const placeholders: Check<z.infer<typeof settings>> = {
  kind: 'placeholders',
  describe: 'the text has from min to max placeholders like [name]',
  example: '{ placeholders: { max: 0 } }',
  settings,
  holds({ placeholders: given }, text) {
    const found = [...text.matchAll(PLACEHOLDER)].filter(([, name = '']) => name.trim() !== '');
    return within(given, found.length);
  },
};
