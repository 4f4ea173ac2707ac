// What a scenario expects of the calls that its faults meet, where a verdict per scenario is wanted
// and not only figures: the four grades of scorers/conduct.ts.
import { z } from 'zod';

export const expectation = z.strictObject({
  /** `answer`: the caller gets a complete one; `clean-error`: an error that says why, and soon. */
  caller: z.enum(['answer', 'clean-error']).default('answer'),
  /** The most attempts that a call may cost. */
  attempts: z.number().int().min(1).optional(),
  /** The most attempts on the primary. */
  primary: z.number().int().min(1).optional(),
  /** A second attempt on the primary would have been answered: good chains make it. */
  retry: z.boolean().default(false),
});

export type Expectation = z.infer<typeof expectation>;
