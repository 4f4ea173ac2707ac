import { z } from 'zod';
import { expecting } from '../scenario/issue.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  as: z
    .enum(['other-sample', 'garbled', 'other-language', 'invalid-json', 'prose'])
    .optional()
    .describe('What the answer becomes; give this or `of`.'),
  of: z
    .string({ error: expecting('a target like openai/gpt-4o-mini') })
    .regex(/^[^/]+\/.+$/, { error: expecting('a target like openai/gpt-4o-mini') })
    .optional()
    .describe('Another target, like openai/gpt-4o-mini, whose answer comes in silence.'),
});

/** An answer in good order that is not the right one: only its quality can tell. */
export const wrongAnswer: Fault<z.infer<typeof settings>> = {
  kind: 'wrong-answer',
  describe: 'another answer, in good order: garbled, to another question, of another target',
  example: '{ inject: wrong-answer, as: garbled, chance: 16% }',
  settings: settings.refine(({ as, of }) => (as === undefined) !== (of === undefined), {
    message: 'give one of as and of, like as: garbled or of: openai/gpt-4o-mini',
  }),
  answersOf: ({ of }) => (of === undefined ? [] : [of]),
  decide: ({ as, of }): Effect | null => {
    if (of !== undefined) return { kind: 'answer', change: { to: 'of', target: of } };
    return as === undefined ? null : { kind: 'answer', change: { to: as } };
  },
};
