import { z } from 'zod';
import { type Effect, inBandForms } from './effect.ts';
import { eventPlace } from './event-place.ts';
import type { Fault } from './fault.ts';
import { reasons } from './rejection.ts';

const settings = z.strictObject({
  at: eventPlace
    .default({ at: 'first-token' })
    .describe('Where in the stream: first-token, "event 3", "20 tokens", 40%, ...'),
  reason: z.enum(reasons).default('server-error').describe('What the error is about.'),
  as: z
    .enum(inBandForms)
    .optional()
    .describe('How the error is told; a wire that has no such form tells it in its own.'),
  message: z.string().optional().describe("What it says, in place of the provider's own words."),
  code: z.string().optional().describe("Its code, in place of the provider's own."),
});

/** The status says 200, and then the provider reports an error inside the body. */
export const errorEvent: Fault<z.infer<typeof settings>> = {
  kind: 'error-event',
  describe: 'an error inside a 200, at any event of a stream or as the body',
  example: '{ inject: error-event, at: 12 tokens, reason: overloaded }',
  settings,
  decide: ({ at, reason, as, message, code }): Effect => ({
    kind: 'error-event',
    at: at.at === 'headers' ? { at: 'first-event' } : at,
    rejection: {
      reason,
      ...(message === undefined ? {} : { message }),
      ...(code === undefined ? {} : { code }),
    },
    ...(as === undefined ? {} : { form: as }),
  }),
};
