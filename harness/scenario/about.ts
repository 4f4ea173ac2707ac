// Where a scenario comes from, for people and for the tables that are made of it.
import { z } from 'zod';

const words = z.string().min(1);
const oneOrMore = z.union([words, z.array(words).min(1)]).transform((value) => [value].flat());

export const about = z.strictObject({
  /** Addresses, or a repository with the number of its issue or pull request. */
  source: oneOrMore.optional(),
  /** When it happened: ISO 8601, a moment or two with a slash between them. */
  when: words.optional(),
  /** Ids of the failure corpus that it expresses. */
  corpus: oneOrMore.optional(),
  /** Invariants that it puts to the test. */
  exercises: z.array(z.string().regex(/^I(0[1-9]|1\d|2[0-8])$/, 'expected I01 to I28')).optional(),
  /** What of it is reproduced; what the source does not say and was chosen. */
  modelled: words.optional(),
  assumed: words.optional(),
});

export type About = z.infer<typeof about>;
