import { z } from 'zod';
import { type DegenerateForm, degenerateForms, type Effect } from './effect.ts';
import type { AttemptView, Fault } from './fault.ts';
import { wordOrNull } from './word-or-null.ts';

const settings = z.strictObject({
  as: wordOrNull(degenerateForms).describe('What comes in place of an answer.'),
});

/** A 200 that is no answer. */
export const degenerate: Fault<z.infer<typeof settings>> = {
  kind: 'degenerate',
  describe: 'a 200 that is no answer: empty, a page, thoughts only, a refusal, ...',
  example: '{ inject: degenerate, as: empty }',
  settings,
  decide: ({ as }, attempt): Effect | null =>
    isAsEver(as, attempt) ? null : { kind: 'degenerate', form: as },
};

/** One JSON document is what comes without streaming; and only embeddings have a width. */
function isAsEver(form: DegenerateForm, { stream, wire }: AttemptView): boolean {
  if (form === 'wrong-width') return wire !== 'openai-embeddings';
  return form === 'json' && !stream;
}
