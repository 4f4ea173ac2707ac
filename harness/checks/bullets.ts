import { z } from 'zod';
import type { Check } from './check.ts';
import { rangeBeside, within } from './range.ts';

/** What a list line may begin with; `1.` stands for every number with `.` or `)` behind it. */
const MARKS = ['-', '*', '+', '\u2022', '\u2013', '1.'] as const;
const NUMBERED = /^\d{1,2}[.)]$/;

/** `* * *` and `- - -` draw a line. */
const RULE = /^\s*([-*+])(?:\s*\1){2,}\s*$/;

const settings = z.strictObject({
  bullets: rangeBeside({
    marks: z
      .array(z.enum(MARKS))
      .min(1)
      .default(['-', '*', '\u2022', '\u2013', '1.'])
      .describe('What a list line may begin with; 1. stands for all numbers.'),
  }).describe('How many list lines it has: `- x`, `* x`, `1. x` or `1) x`.'),
});

/** `- x`, `* x`, a dash or round bullet, `1. x` or `1) x`, unless `marks` says otherwise. */
export const bullets: Check<z.infer<typeof settings>> = {
  kind: 'bullets',
  describe: 'the text has from min to max list lines',
  example: '{ bullets: { min: 3, max: 3 } }',
  settings,
  holds({ bullets: given }, text) {
    const marks: ReadonlySet<string> = new Set(given.marks);
    const isBullet = (line: string): boolean => {
      const mark = /^\s*(\S{1,3})\s+\S/.exec(line)?.[1];
      if (RULE.test(line)) return false;
      return mark !== undefined && marks.has(NUMBERED.test(mark) ? '1.' : mark);
    };
    return within(given, text.split('\n').filter(isBullet).length);
  },
};
