// portability.json: what every prompt comes to on every target of a chain. Versioned; its JSON
// Schema is made from these types.
import { z } from 'zod';
import { lintEffects } from '../lint/lint-rule.ts';
import { everything } from '../measured-means.ts';
import { provenanceFields } from '../provenance.ts';

export const portabilityVersion = 1;

const count = z.number().int().min(0);
const share = z.number();
const interval = z.tuple([z.number(), z.number()]).nullable();

/** One against another, in points of a 0 to 1 score; above 0: this one is worse. */
const comparison = z.strictObject({
  drop: share.nullable(),
  ci95: interval.describe('Paired bootstrap over samples; null below two samples.'),
  mde: share.nullable().describe('The least true drop that so many samples would probably show.'),
  n: count.describe('Samples that both have a score for.'),
  verdict: z.enum(['worse', 'better', 'no-difference-shown']),
});

const standing = z.strictObject({
  family: z.string().describe(`A task family, or "${everything}" for all prompts together.`),
  target: z.string(),
  rank: count.nullable().describe('Among the fallbacks, 1 the best; null: primary, or no score.'),
  mean: share.nullable().describe('Of what users get; nothing of use counts as 0.'),
  ci95: interval,
  n: count.describe('Samples with a score.'),
  asked: count.describe('Samples that the chain asked it.'),
  answered: count.describe('Samples whose answer reached the caller whole.'),
  unscored: count.describe('Answers of which nothing tells how good they are.'),
  primary: comparison.nullable().describe('Against the primary; null for the primary itself.'),
  best: comparison.nullable().describe('Against the best fallback of the family; null for it.'),
});

const cell = z.strictObject({
  target: z.string(),
  status: z.enum([
    'answered',
    'damaged',
    'refused',
    'failed',
    'not-asked',
    'other',
    'no-recording',
  ]),
  score: share.nullable(),
  drop: share.nullable().describe("The primary's score less this one."),
  failed: z.array(z.string()).describe('Checks that the answer does not pass.'),
  answer: z.string().nullable(),
  why: z.string().nullable().describe('What went wrong, where no answer came whole.'),
});

const row = z.strictObject({
  sample: z.string(),
  family: z.string().nullable(),
  critical: z.boolean(),
  cells: z.array(cell).describe('In the order of `targets`.'),
});

const stray = z.strictObject({
  sample: z.string(),
  family: z.string().nullable(),
  critical: z.boolean(),
  target: z.string(),
  primary: share,
  score: share,
  why: z.string(),
});

const finding = z.strictObject({
  rule: z.string(),
  target: z.string(),
  effect: z.enum(lintEffects),
  what: z.string(),
  source: z.string(),
  requests: count.describe('Requests that it was found in.'),
  samples: count,
  example: z.strictObject({
    sample: z.string(),
    attempt: count,
    wire: z.string(),
    request: z.string().describe('The body, cut where it is long; without credentials.'),
  }),
});

export const portabilitySchema = z.strictObject({
  version: z.literal(portabilityVersion),
  tool: z.strictObject({ name: z.literal('firedrill'), version: z.string() }),
  chain: z.string(),
  workload: z.string(),
  provenance: z
    .enum(['authored', 'recorded'])
    .describe('authored: answers, or verdicts on them, were written by no provider.'),
  seed: count,
  floor: share.describe('The least score of a good answer.'),
  primary: z.string(),
  targets: z.array(
    z.strictObject({
      target: z.string(),
      standing: z.enum(['asked', 'never-asked', 'no-recordings']),
      recordings: z
        .strictObject(provenanceFields)
        .nullable()
        .describe('What its answers are; null where it has none.'),
      requests: count,
    }),
  ),
  standings: z.array(standing),
  samples: z.array(row),
  strays: z.array(stray).describe('Prompts that do not travel: good on the primary, bad here.'),
  findings: z.array(finding).describe('What the linter found in the requests, worst first.'),
  notes: z.array(z.string()),
});

export type PortabilityReport = z.infer<typeof portabilitySchema>;
export type StandingRow = z.infer<typeof standing>;
export type ComparisonRow = z.infer<typeof comparison>;
export type SampleRow = z.infer<typeof row>;
export type Cell = z.infer<typeof cell>;
export type Stray = z.infer<typeof stray>;
export type FindingRow = z.infer<typeof finding>;

export function portabilityJsonSchema(): Record<string, unknown> {
  const { $schema, ...schema } = z.toJSONSchema(portabilitySchema);
  return { $schema, title: `firedrill portability, version ${portabilityVersion}`, ...schema };
}
