import { z } from 'zod';
import { position } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  at: position
    .default({ at: 'share', share: 0.5 })
    .describe('Where in the response: first-token, "event 3", "20 tokens", 40%, ...'),
});

/** The body ends as if it were complete, without the rest and without its terminal marker. */
export const truncate: Fault<z.infer<typeof settings>> = {
  kind: 'truncate',
  describe: 'the answer ends early and cleanly, without its terminal marker',
  example: '{ inject: truncate, at: 60% }',
  settings,
  decide: (given): Effect => ({ kind: 'cut', at: given.at, how: 'clean' }),
};
