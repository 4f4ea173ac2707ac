import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const count = z.number().int().min(1);

const settings = z.strictObject({
  bytes: count.optional().describe('So many bytes a read.'),
  events: count.optional().describe('So many events a read.'),
});

/** The same bytes in other reads: nobody may notice. */
export const rechunk: Fault<z.infer<typeof settings>> = {
  kind: 'rechunk',
  describe: 'the same bytes in other reads: so many bytes or events at a time',
  example: '{ inject: rechunk, bytes: 7 }',
  settings: settings.refine(
    ({ bytes, events }) => (bytes === undefined) !== (events === undefined),
    {
      message: 'give one of bytes and events, like bytes: 7',
    },
  ),
  decide: ({ bytes, events }, { stream }): Effect | null => {
    if (bytes !== undefined) return { kind: 'rechunk', bytes };
    return stream && events !== undefined ? { kind: 'rechunk', events } : null;
  },
};
