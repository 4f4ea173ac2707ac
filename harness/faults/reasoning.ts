import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  tokens: z
    .number()
    .int()
    .min(1)
    .max(100_000)
    .describe('How many tokens of thought come before the answer.'),
});

/** The model thinks before it speaks. */
export const reasoning: Fault<z.infer<typeof settings>> = {
  kind: 'reasoning',
  describe: 'so many tokens of reasoning come before the answer, at the pace of the others',
  example: '{ inject: reasoning, tokens: 300 }',
  settings,
  decide: ({ tokens }): Effect => ({ kind: 'answer', change: { to: 'reasoned', tokens } }),
};
