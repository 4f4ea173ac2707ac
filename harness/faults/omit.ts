import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const part = z.enum(['finish', 'end', 'usage', 'block-close']);

const settings = z.strictObject({
  parts: z.union([part, z.array(part).min(1)]).transform((given) => [given].flat()),
});

/** A stream that looks whole but for one of the parts that say so. A body at once has no parts. */
export const omit: Fault<z.infer<typeof settings>> = {
  kind: 'omit',
  describe: 'a stream without its finish reason, last event, usage or ends of blocks',
  example: '{ inject: omit, parts: [finish, end] }',
  settings,
  decide: ({ parts }, { stream }): Effect | null => (stream ? { kind: 'omit', parts } : null),
};
