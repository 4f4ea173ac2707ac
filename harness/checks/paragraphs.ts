import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';
import { paragraphsOf } from './text.ts';

const settings = z.strictObject({
  paragraphs: rangeBeside({}).describe('How many paragraphs it has; blank lines part them.'),
});

export const paragraphs: Check<z.infer<typeof settings>> = {
  kind: 'paragraphs',
  describe: 'the text has from min to max paragraphs, with blank lines between them',
  example: '{ paragraphs: { min: 2, max: 4 } }',
  settings,
  holds: (given, text) => within(given.paragraphs, paragraphsOf(text).length),
};
