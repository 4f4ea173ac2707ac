import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  tokens: z.number().int().min(1).describe('Where a longer answer ends.'),
});

/** Ends in good order in the middle of a word, or of the arguments of a tool call. */
export const outputLimit: Fault<z.infer<typeof settings>> = {
  kind: 'output-limit',
  describe: 'an answer of more than `tokens` tokens ends there, and its finish reason is length',
  example: '{ inject: output-limit, tokens: 6 }',
  settings,
  decide: ({ tokens }): Effect => ({ kind: 'answer', change: { to: 'limited', tokens } }),
};
