import { z } from 'zod';
import type { Check } from './check.ts';
import { folded } from './text.ts';

const mark = z.string().trim().min(1);

const settings = z
  .strictObject({
    wrapped: z
      .union([mark, z.tuple([mark, mark])], { error: "expected a mark like '\"', or two of them" })
      .describe('What stands before and behind it all: one mark, or [first, last].'),
  })
  .transform(({ wrapped: given }) => {
    const [first, last] = typeof given === 'string' ? [given, given] : given;
    return { first: folded(first, true), last: folded(last, true) };
  });

export const wrapped: Check<z.infer<typeof settings>> = {
  kind: 'wrapped',
  describe: 'the whole text stands between two marks, such as quotation marks',
  example: "{ wrapped: '\"' }",
  settings,
  holds({ first, last }, text) {
    const whole = folded(text, true);
    const room = whole.length > first.length + last.length;
    return room && whole.startsWith(first) && whole.endsWith(last);
  },
};
