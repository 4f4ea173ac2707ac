import { z } from 'zod';
import type { Effect } from './effect.ts';
import { eventPlace } from './event-place.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  at: eventPlace
    .default({ at: 'first-token' })
    .describe('Where in the stream: first-token, "event 3", "20 tokens", 40%, ...'),
  instead: z
    .boolean()
    .default(false)
    .describe('Whether it comes in place of the event that stands there; else before it.'),
});

/** JSON that does not parse: one event of a stream, or the whole body. */
export const malformed: Fault<z.infer<typeof settings>> = {
  kind: 'malformed',
  describe: 'an event that is no valid JSON, beside another or in its place; or such a body',
  example: '{ inject: malformed, at: event 10, instead: true }',
  settings,
  decide: ({ at, instead }): Effect => ({ kind: 'bad-line', at, instead }),
};
