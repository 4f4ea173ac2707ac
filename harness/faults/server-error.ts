import { z } from 'zod';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { bodyKeys, rejecting } from './rejecting.ts';

const settings = z.strictObject({
  status: z.number().int().min(400).max(599).default(500).describe('The status, from 400 to 599.'),
  ...bodyKeys,
});

/** Any error status with any body; 500 with the provider's own body unless told otherwise. */
export const serverError: Fault<z.infer<typeof settings>> = {
  kind: 'server-error',
  describe: 'an error status (400 to 599, default 500) with the provider’s body or another',
  example: '{ inject: server-error, status: 503, body: html, from: 5m, to: 15m }',
  settings,
  decide: (given): Effect => rejecting({ reason: 'server-error', status: given.status }, given),
};
