import { z } from 'zod';
import { duration, position } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  at: position.default({ at: 'headers' }),
  /** Without it the silence lasts for ever. */
  lasting: duration.optional(),
});

/** Silence: the connection stays open and nothing comes, for a while or for ever. */
export const stall: Fault<z.infer<typeof settings>> = {
  kind: 'stall',
  describe: 'silence from a place in the response on, for a time or for ever',
  example: '{ inject: stall, at: 20 tokens, lasting: 30s }',
  settings,
  decide: (given): Effect => ({ kind: 'stall', at: given.at, forMs: given.lasting ?? null }),
};
