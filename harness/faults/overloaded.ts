import { z } from 'zod';
import type { Effect } from './effect.ts';
import { eventPlace } from './event-place.ts';
import type { Fault } from './fault.ts';
import { rejecting, rejectKeys } from './rejecting.ts';

const settings = z.strictObject({
  at: eventPlace
    .default({ at: 'headers' })
    .describe('headers: an error status; any other place: the same inside a 200 stream.'),
  ...rejectKeys,
});

/** No capacity left for anybody: Anthropic's 529, OpenAI's 503, or the same inside a 200 stream. */
export const overloaded: Fault<z.infer<typeof settings>> = {
  kind: 'overloaded',
  describe: 'the model has no capacity: 529 or 503, or with `at` the same inside a 200 stream',
  example: '{ inject: overloaded, at: first-event }',
  settings: settings.refine(
    (given) => given.at.at === 'headers' || given.bodySilence === undefined,
    {
      path: ['bodySilence'],
      message: 'an error inside a 200 has no body of its own: leave out `at` or `bodySilence`',
    },
  ),
  decide: (given): Effect => {
    const reject = rejecting({ reason: 'overloaded' }, given);
    if (given.at.at === 'headers') return reject;
    return { kind: 'error-event', at: given.at, rejection: reject.rejection };
  },
};
