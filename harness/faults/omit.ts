import { z } from 'zod';
import type { Effect } from './effect.ts';
import { eventPlace } from './event-place.ts';
import type { Fault } from './fault.ts';

const part = z.enum(['finish', 'end', 'usage', 'block-close', 'arguments']);

const settings = z.strictObject({
  parts: z
    .union([part, z.array(part).min(1)])
    .transform((given) => [given].flat())
    .describe('What is left out of the stream: one or a list.'),
  behind: eventPlace
    .optional()
    .describe('Only what comes behind this place, like "20 tokens" or 40%.'),
});

/** A stream that looks whole but for one of the parts that say so. A body at once has no parts. */
export const omit: Fault<z.infer<typeof settings>> = {
  kind: 'omit',
  describe: 'a stream without its finish reason, last event, usage or ends of blocks',
  example: '{ inject: omit, parts: [finish, end] }',
  settings,
  decide: ({ parts, behind }, { stream }): Effect | null =>
    stream ? { kind: 'omit', parts, ...(behind ? { behind } : {}) } : null,
};
