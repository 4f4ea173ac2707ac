import { z } from 'zod';
import { duration, someTime } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  ttft: duration.optional().describe('The time to the first token, like 12s.'),
  ttftFactor: z
    .number()
    .positive()
    .optional()
    .describe("The target's own time to the first token, so many times."),
  tokensPerSecond: z
    .number()
    .positive()
    .optional()
    .describe('How fast tokens come after the first.'),
  lasting: someTime
    .optional()
    .describe('From the first token to the last, however many there are, like 90s.'),
});

/** Slower than the target's own pace; composes with every other fault. */
export const slow: Fault<z.infer<typeof settings>> = {
  kind: 'slow',
  describe: 'a late first token (`ttft`, `ttftFactor`), slow tokens, or a long steady stream',
  example: '{ inject: slow, ttft: 12s, tokensPerSecond: 5 }',
  settings: settings
    .refine((given) => Object.keys(given).length > 0, {
      message: 'give ttft, ttftFactor, tokensPerSecond or lasting',
    })
    .refine((given) => given.lasting === undefined || given.tokensPerSecond === undefined, {
      path: ['lasting'],
      message: 'lasting and tokensPerSecond both set the pace: give one of them',
    }),
  decide: ({ ttft, ttftFactor, tokensPerSecond, lasting }): Effect => ({
    kind: 'pace',
    ...(ttft === undefined ? {} : { ttftMs: ttft }),
    ...(ttftFactor === undefined ? {} : { ttftFactor }),
    ...(tokensPerSecond === undefined ? {} : { tokensPerSecond }),
    ...(lasting === undefined ? {} : { streamMs: lasting }),
  }),
};
