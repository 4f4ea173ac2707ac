import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';

const settings = z.strictObject({
  model: z.string().min(1).describe('The model that the response names.'),
});

/** The response says that another model answered. */
export const otherModel: Fault<z.infer<typeof settings>> = {
  kind: 'other-model',
  describe: 'the response names another model than the one asked for',
  example: '{ inject: other-model, model: gpt-4o-mini-2024-07-18 }',
  settings,
  decide: ({ model }): Effect => ({ kind: 'quirk', quirks: { model } }),
};
