import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';
import { proseLines } from './text.ts';

const settings = z.strictObject({
  sections: rangeBeside({
    heading: z
      .string()
      .trim()
      .min(1)
      .optional()
      .describe('The word before the number of each: Section for `Section 1`. Else `# x` counts.'),
  }).describe('How many sections it has, by their headings.'),
});

const MARKDOWN = /^\s{0,3}#{1,6}\s+\S/;
const NUMBER = /^\s{0,3}\d/;

/** A heading starts its line; quotation marks and markdown's before it do not count. */
const BEFORE = /^[\s#*_>"'\u2018\u201c-]+/;

export const sections: Check<z.infer<typeof settings>> = {
  kind: 'sections',
  describe: 'the text has from min to max sections, told by their headings',
  example: '{ sections: { heading: Section, min: 4 } }',
  settings,
  holds({ sections: given }, text) {
    const { heading } = given;
    const starts = (line: string): boolean => {
      if (heading === undefined) return MARKDOWN.test(line);
      const bare = line.replace(BEFORE, '');
      return bare.startsWith(heading) && NUMBER.test(bare.slice(heading.length));
    };
    // A comment in a script begins like a heading.
    const lines = heading === undefined ? proseLines(text) : text.split('\n');
    return within(given, lines.filter(starts).length);
  },
};
