import { z } from 'zod';
import { duration } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  ttft: duration.optional(),
  ttftFactor: z.number().positive().optional(),
  tokensPerSecond: z.number().positive().optional(),
});

/** Slower than the target's own pace; composes with every other fault. */
export const slow: Fault<z.infer<typeof settings>> = {
  kind: 'slow',
  describe: 'a slow first token (`ttft` or `ttftFactor`), a slow token rate, or both',
  example: '{ inject: slow, ttft: 12s, tokensPerSecond: 5 }',
  settings: settings.refine((given) => Object.keys(given).length > 0, {
    message: 'give ttft, ttftFactor or tokensPerSecond',
  }),
  decide: (given): Effect => ({
    kind: 'pace',
    ...(given.ttft === undefined ? {} : { ttftMs: given.ttft }),
    ...(given.ttftFactor === undefined ? {} : { ttftFactor: given.ttftFactor }),
    ...(given.tokensPerSecond === undefined ? {} : { tokensPerSecond: given.tokensPerSecond }),
  }),
};
