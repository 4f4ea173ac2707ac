// Where a scenario comes from, for people and for the tables that are made of it.
import { z } from 'zod';

const words = z.string().min(1);
const oneOrMore = z.union([words, z.array(words).min(1)]).transform((value) => [value].flat());

export const about = z.strictObject({
  source: oneOrMore
    .optional()
    .describe(
      'Where it is told: addresses, or a repository with the number of its issue or pull request.',
    ),
  when: words
    .optional()
    .describe('When it happened: ISO 8601, a moment or two with a slash between them.'),
  corpus: oneOrMore.optional().describe('Ids of the failure corpus that it expresses.'),
  exercises: z
    .array(z.string().regex(/^I(0[1-9]|1\d|2[0-8])$/, 'expected I01 to I28'))
    .optional()
    .describe('Invariants that it puts to the test, like [I05, I09].'),
  modelled: words.optional().describe('What of it is reproduced.'),
  assumed: words.optional().describe('What the source does not say and was chosen.'),
});

export type About = z.infer<typeof about>;
