import { z } from 'zod';
import { position } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { reasons } from './rejection.ts';

const settings = z.strictObject({
  at: position.default({ at: 'first-token' }),
  reason: z.enum(reasons).default('server-error'),
  message: z.string().optional(),
});

/** The status says 200, and then the provider reports an error inside the body. */
export const errorEvent: Fault<z.infer<typeof settings>> = {
  kind: 'error-event',
  describe: 'an error inside a 200, at any event of a stream or as the body',
  example: '{ inject: error-event, at: 12 tokens, reason: overloaded }',
  settings,
  decide: (given): Effect => ({
    kind: 'error-event',
    at: given.at.at === 'headers' ? { at: 'first-event' } : given.at,
    rejection: {
      reason: given.reason,
      ...(given.message === undefined ? {} : { message: given.message }),
    },
  }),
};
