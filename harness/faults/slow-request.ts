import { z } from 'zod';
import { someTime } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  lasting: someTime
    .optional()
    .describe('How long the request lies unread, like 20s; without it for ever.'),
});

/** A server too busy to read: whatever it answers, it answers so much later. */
export const slowRequest: Fault<z.infer<typeof settings>> = {
  kind: 'slow-request',
  describe: 'the request lies unread for a time or for ever; composes with every other fault',
  example: '{ inject: slow-request, lasting: 20s }',
  settings,
  decide: ({ lasting }): Effect => ({ kind: 'unread', forMs: lasting ?? null }),
};
