import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { rejecting, rejectKeys } from './rejecting.ts';

const settings = z.strictObject({ ...rejectKeys });

/** The account is out of money or over its spend limit: no retry can help before somebody pays. */
export const quotaExhausted: Fault<z.infer<typeof settings>> = {
  kind: 'quota-exhausted',
  describe: 'quota or credit used up: looks like a rate limit, but retrying never helps',
  example: '{ inject: quota-exhausted, on: { provider: openai } }',
  settings,
  decide: (given): Effect => rejecting({ reason: 'quota' }, given),
};
