import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';

const settings = z.strictObject({
  placeholders: rangeBeside({}).describe('How many parts in square brackets it has.'),
});

/** A part in brackets that leads somewhere is a link. */
const BRACKETS = /\[([^[\]\n]*)\](?!\((?:[a-z]+:|www\.|[/#.]))/gi;
/** `[1]` and `[^2]` point to sources. */
const SOURCE = /^\^?\d+(?:\s*[,\u2013-]\s*\d+)*$/;
/** `rows[i]` and `order["id"]` are code. */
const INDEX = /^(?:\w|"[^"]*"|'[^']*')$/;
/** `- [x] done` is ticked off. */
const ITEM = /(?:^|\n)[^\S\n]*(?:[-*+]|\d{1,3}[.)])[^\S\n]+$/;
/** Before a bracket so much is looked at. */
const NEAR = 40;

function isLeftOpen(name: string, before: string): boolean {
  if (name.trim() === '' || SOURCE.test(name)) return false;
  if (INDEX.test(name) && /[\p{L}\p{N}_\])]$/u.test(before)) return false;
  return !(/^x$/i.test(name) && ITEM.test(before));
}

export const placeholders: Check<z.infer<typeof settings>> = {
  kind: 'placeholders',
  describe: 'the text has from min to max placeholders like [name]',
  example: '{ placeholders: { max: 0 } }',
  settings,
  holds({ placeholders: given }, text) {
    const found = [...text.matchAll(BRACKETS)].filter(({ 1: name = '', index }) =>
      isLeftOpen(name, text.slice(Math.max(0, index - NEAR), index)),
    );
    return within(given, found.length);
  },
};
