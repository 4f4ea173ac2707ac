import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({ as: z.enum(['missing', 'null', 'early']) });

/** Tokens that nobody counted, or counted before they were there. */
export const usage: Fault<z.infer<typeof settings>> = {
  kind: 'usage',
  describe: 'the token counts are missing, null, or come at the beginning and not at the end',
  example: '{ inject: usage, as: missing }',
  settings,
  decide: ({ as }): Effect => ({ kind: 'quirk', quirks: { usage: as } }),
};
