// Measured means by target and task family, as a file to commit: what a chain can look up before it
// lets a target answer. `portability` writes it; a leaf, so that a chain can read it.
import { z } from 'zod';

/** The family that stands for all prompts together: no workload can have it. */
export const everything = '*';

const measured = z.strictObject({
  mean: z.number().min(0).max(1).describe('Of what users get, from 0 to 1.'),
  n: z.number().int().min(1).describe('Samples with a score.'),
  ci95: z
    .tuple([z.number(), z.number()])
    .nullable()
    .describe('The 95% interval of the mean; null below two samples.'),
});

export const measuredSchema = z.strictObject({
  version: z.literal(1),
  workload: z.string().min(1).describe('Whose samples were asked.'),
  provenance: z
    .enum(['authored', 'recorded'])
    .describe('authored: answers were written for a product, and no provider ever sent them.'),
  targets: z
    .record(
      z.string(),
      z.record(z.string(), measured).refine((families) => everything in families, {
        message: `needs "${everything}", the mean of all tasks together`,
      }),
    )
    .describe(`By provider/model, then by task family; "${everything}" is all of them together.`),
});

export type MeasuredTable = z.infer<typeof measuredSchema>;
