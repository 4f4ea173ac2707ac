import { z } from 'zod';
import { duration, position } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  at: position.default({ at: 'headers' }),
  /** Without it the silence lasts for ever. */
  lasting: duration.optional(),
  /** The connection ends after it, instead of the answer going on. */
  ends: z.enum(['reset', 'fin', 'clean']).optional(),
});

type Settings = z.infer<typeof settings>;

function isInBody({ at, lasting }: Settings): boolean {
  return at.at !== 'headers' && lasting !== undefined;
}

/** Silence: the connection stays open and nothing comes, for a while or for ever. */
export const stall: Fault<Settings> = {
  kind: 'stall',
  describe: 'silence from a place in the response on, for a time or for ever',
  example: '{ inject: stall, at: 20 tokens, lasting: 30s }',
  settings: settings.refine((given) => given.ends === undefined || isInBody(given), {
    path: ['ends'],
    message: 'needs `lasting`, and a place behind the headers: `at`',
  }),
  decide: (given): Effect => ({
    kind: 'stall',
    at: given.at,
    forMs: given.lasting ?? null,
    ...(given.ends === undefined ? {} : { ends: given.ends }),
  }),
};
