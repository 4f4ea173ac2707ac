import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';
import { folded } from './text.ts';

const settings = z.strictObject({
  parts: rangeBeside({
    divider: z.string().trim().min(1).describe('What stands between two parts, like ***.'),
    different: z.boolean().default(false).describe('Whether no two parts may be the same.'),
  }).describe('How many parts it has.'),
});

/** A divider before the first part or behind the last is none; two in a row are a part missing. */
export const parts: Check<z.infer<typeof settings>> = {
  kind: 'parts',
  describe: 'the text falls into from min to max parts, with a divider between them',
  example: "{ parts: { divider: '***', min: 2, max: 2, different: true } }",
  settings,
  holds({ parts: given }, text) {
    const found = text.split(given.divider).map((part) => folded(part));
    if (found[0] === '') found.shift();
    if (found.at(-1) === '') found.pop();
    if (found.includes('')) return false;
    if (given.different && new Set(found).size < found.length) return false;
    return within(given, found.length);
  },
};
