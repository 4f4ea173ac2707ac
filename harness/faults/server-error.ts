import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { hintKeys, hintOf } from './hint.ts';

const settings = z.strictObject({
  status: z.number().int().min(400).max(599).default(500),
  body: z.enum(['own', 'html', 'empty', 'text', 'detail', 'string']).default('own'),
  message: z.string().optional(),
  code: z.string().optional(),
  ...hintKeys,
});

/** Any error status with any body; 500 with the provider's own body unless told otherwise. */
export const serverError: Fault<z.infer<typeof settings>> = {
  kind: 'server-error',
  describe: 'an error status (400 to 599, default 500) with the provider’s body or another',
  example: '{ inject: server-error, status: 503, body: html, from: 5m, to: 15m }',
  settings,
  decide: (given): Effect => ({
    kind: 'reject',
    rejection: {
      reason: 'server-error',
      status: given.status,
      body: given.body,
      ...hintOf(given),
      ...(given.message === undefined ? {} : { message: given.message }),
      ...(given.code === undefined ? {} : { code: given.code }),
    },
  }),
};
