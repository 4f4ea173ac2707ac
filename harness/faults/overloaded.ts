import { z } from 'zod';
import { position } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { hintKeys, hintOf } from './hint.ts';

const settings = z.strictObject({ at: position.default({ at: 'headers' }), ...hintKeys });

/** No capacity left for anybody: Anthropic's 529, OpenAI's 503, or the same inside a 200 stream. */
export const overloaded: Fault<z.infer<typeof settings>> = {
  kind: 'overloaded',
  describe: 'the model has no capacity: 529 or 503, or with `at` the same inside a 200 stream',
  example: '{ inject: overloaded, at: first-event }',
  settings,
  decide: (given): Effect => {
    const rejection = { reason: 'overloaded', ...hintOf(given) } as const;
    if (given.at.at === 'headers') return { kind: 'reject', rejection };
    return { kind: 'error-event', at: given.at, rejection };
  },
};
