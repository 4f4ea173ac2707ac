import { z } from 'zod';
import { expecting } from '../scenario/issue.ts';
import type { Effect } from './effect.ts';
import type { Fault } from './fault.ts';
import { bodyKeys, rejecting } from './rejecting.ts';
import { reasons } from './rejection.ts';
import { reasonOfStatus } from './status-reasons.ts';

const settings = z.strictObject({
  status: z
    .number({ error: expecting('a status from 400 to 599') })
    .int()
    .min(400)
    .max(599)
    .describe('The status, from 400 to 599.'),
  reason: z
    .enum(reasons)
    .optional()
    .describe('What it is said to be about; else what the status says.'),
  ...bodyKeys,
});

/** Any status from 400 to 599, as the provider would send it or as something in its place would. */
export const status: Fault<z.infer<typeof settings>> = {
  kind: 'status',
  describe: 'any error status (400 to 599), its reason and its body',
  example: '{ inject: status, status: 404, body: detail, message: no such deployment }',
  settings,
  decide: (given): Effect => {
    const reason = given.reason ?? reasonOfStatus(given.status);
    return rejecting({ reason, status: given.status }, given);
  },
};
