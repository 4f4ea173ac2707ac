import { z } from 'zod';
import { duration, position, someTime } from '../scenario/units.ts';
import type { Effect } from './effect.ts';
import { isBetweenEvents } from './event-place.ts';
import type { Fault } from './fault.ts';

const mostBeats = 100_000;

const settings = z
  .strictObject({
    at: position
      .default({ at: 'headers' })
      .describe('Where in the response: headers, first-token, "event 3", "20 tokens", 40%, ...'),
    lasting: duration
      .optional()
      .describe('How long the silence is, like 30s; without it for ever.'),
    ends: z
      .enum(['reset', 'fin', 'clean'])
      .optional()
      .describe('How the connection ends after it, instead of the answer going on.'),
    keepalive: z
      .strictObject({
        every: someTime.describe('How often, like 5s.'),
        as: z
          .enum(['comment', 'ping', 'empty-delta'])
          .default('comment')
          .describe('In which form.'),
      })
      .optional()
      .describe('What keeps the connection looking alive; bodies that come at once have none.'),
  })
  .refine(({ at, keepalive }) => !keepalive || (at.at !== 'headers' && isBetweenEvents(at)), {
    path: ['keepalive'],
    message:
      'keepalives stand between events: write `at: first-event`, `at: 20 tokens` or `at: 40%`',
  })
  .refine(({ lasting, keepalive }) => !keepalive || (lasting ?? 0) / keepalive.every <= mostBeats, {
    path: ['keepalive'],
    message: `would be sent more than ${mostBeats} times: write a longer \`every\``,
  })
  .refine(
    ({ lasting, keepalive }) => !keepalive || lasting === undefined || keepalive.every <= lasting,
    { path: ['keepalive'], message: 'is never sent: `every` is longer than `lasting`' },
  )
  .refine(({ at, lasting, ends }) => !ends || (at.at !== 'headers' && lasting !== undefined), {
    path: ['ends'],
    message: 'needs `lasting`, and a place behind the headers: `at`',
  });

/** Silence: the connection stays open and nothing comes, for a while or for ever. */
export const stall: Fault<z.infer<typeof settings>> = {
  kind: 'stall',
  describe: 'silence from a place in the response on, for a time or for ever',
  example: '{ inject: stall, at: 20 tokens, lasting: 30s }',
  settings,
  decide: ({ at, lasting, ends, keepalive }): Effect => ({
    kind: 'stall',
    at,
    forMs: lasting ?? null,
    ...(ends ? { ends } : {}),
    ...(keepalive ? { keepalive: { form: keepalive.as, everyMs: keepalive.every } } : {}),
  }),
};
