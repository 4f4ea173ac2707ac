import { z } from 'zod';
import { degenerateForms, type Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { wordOrNull } from './word-or-null.ts';

const settings = z.strictObject({ as: wordOrNull(degenerateForms) });

/** A 200 that is no answer. */
export const degenerate: Fault<z.infer<typeof settings>> = {
  kind: 'degenerate',
  describe: 'a 200 that is no answer: empty, a page, thoughts only, a refusal, ...',
  example: '{ inject: degenerate, as: empty }',
  settings,
  // One JSON document is what a request that asks for no stream gets anyway.
  decide: ({ as }, { stream }): Effect | null =>
    as === 'json' && !stream ? null : { kind: 'degenerate', form: as },
};
