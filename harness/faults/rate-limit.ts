import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { rejecting, rejectKeys } from './rejecting.ts';

const settings = z.strictObject({
  ...rejectKeys,
  message: z.string().optional().describe("What it says, in place of the provider's own words."),
});

/** The provider's 429 for too many requests, with or without a hint when to come back. */
export const rateLimit: Fault<z.infer<typeof settings>> = {
  kind: 'rate-limit',
  describe: '429: too many requests or tokens, with a retry hint of any form',
  example: '{ inject: rate-limit, retryAfter: 2s, chance: 30% }',
  settings,
  decide: (given): Effect => rejecting({ reason: 'rate-limit' }, given),
};
