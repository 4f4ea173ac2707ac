// What a scenario expects of the calls that its faults meet, where a verdict per scenario is wanted
// and not only figures: the four grades of scorers/conduct.ts.
import { z } from 'zod';

const fields = z.strictObject({
  caller: z
    .enum(['answer', 'clean-error'])
    .default('answer')
    .describe(
      'answer: the caller gets a complete one; clean-error: an error that says why, and soon.',
    ),
  attempts: z.number().int().min(1).optional().describe('The most attempts that a call may cost.'),
  primary: z.number().int().min(1).optional().describe('The most attempts on the primary.'),
  retry: z
    .boolean()
    .default(false)
    .describe('Whether a second attempt on the primary would be answered: good chains make it.'),
});

export const expectation = fields
  .refine(({ attempts = Number.POSITIVE_INFINITY, primary = 1 }) => primary <= attempts, {
    path: ['primary'],
    message: 'is more than `attempts` allows in all',
  })
  .refine(({ retry, primary, attempts }) => !retry || ((primary ?? 2) > 1 && (attempts ?? 2) > 1), {
    path: ['retry'],
    message: 'wants a second attempt on the primary, which `attempts` or `primary` does not allow',
  })
  .refine(({ retry, caller }) => !retry || caller === 'answer', {
    path: ['retry'],
    message: 'is for `caller: answer`: whom no attempt can help gets an error',
  });

export type Expectation = z.infer<typeof expectation>;
