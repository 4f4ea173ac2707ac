import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { hintKeys, hintOf } from './hint.ts';

const settings = z.strictObject({ ...hintKeys, message: z.string().optional() });

/** The provider's 429 for too many requests, with or without a hint when to come back. */
export const rateLimit: Fault<z.infer<typeof settings>> = {
  kind: 'rate-limit',
  describe: '429: too many requests or tokens, with a retry hint of any form',
  example: '{ inject: rate-limit, retryAfter: 2s, chance: 30% }',
  settings,
  decide: (given): Effect => ({
    kind: 'reject',
    rejection: {
      reason: 'rate-limit',
      ...hintOf(given),
      ...(given.message === undefined ? {} : { message: given.message }),
    },
  }),
};
