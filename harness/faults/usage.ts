import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { wordOrNull } from './word-or-null.ts';

const settings = z.strictObject({
  as: wordOrNull(['missing', 'null', 'early']).describe(
    'What becomes of the token counts: they are missing, null, or come at the beginning.',
  ),
});

/** Tokens that nobody counted, or counted before they were there. */
export const usage: Fault<z.infer<typeof settings>> = {
  kind: 'usage',
  describe: 'the token counts are missing, null, or come at the beginning and not at the end',
  example: '{ inject: usage, as: missing }',
  settings,
  decide: ({ as }): Effect => ({ kind: 'quirk', quirks: { usage: as } }),
};
