// compare.json: chains side by side on the same scenarios and seeds. Versioned; its JSON Schema is
// made from these types.
import { z } from 'zod';
import { targetProvenance } from '../provenance.ts';

export const compareVersion = 1;

const count = z.number().int().min(0);
const figure = z.number().nullable();
const interval = z.tuple([figure, figure]).nullable();

const figures = z.strictObject({
  goodput: figure,
  availability: figure,
  latency_ms: z.strictObject({ p95: figure.describe('Null: it falls on a call that hung.') }),
  quality: z.strictObject({
    drop: figure.describe(
      "Against the current chain's healthy primary; null: no scored answer was shown.",
    ),
  }),
  attempts_per_call: z.strictObject({ mean: figure }),
  cost_per_call_usd: figure.describe('Null: some target has no price.'),
});

const difference = z
  .strictObject({
    goodput: figure.describe('Less that of the current chain.'),
    ci95: interval.describe('95%, over samples; null where there are fewer than two.'),
    n: count.describe('Distinct samples, or parts of the calls where samples are few.'),
  })
  .nullable()
  .describe('Null for the current chain itself.');

const violation = z.strictObject({ id: z.string(), violations: count, replay: z.string() });

const cell = z.strictObject({
  scenario: z.string(),
  ...figures.shape,
  difference,
  violated: z.array(violation),
  calls: count,
  again: z.string().describe('The command that drills this cell again, with all its reports.'),
  replay: z.string().describe('The call that was served worst.'),
});

const candidate = z.strictObject({
  rank: count.describe('From 1, by goodput; equal ones have the same.'),
  name: z.string(),
  file: z.string().describe('The chain as it was drilled.'),
  current: z.boolean(),
  ...figures.shape,
  difference,
  verdict: z
    .enum(['current', 'better', 'worse', 'no-difference-seen'])
    .describe('Better and worse hold for all candidates together (Holm, 5%).'),
  pareto: z.boolean().describe('No other is as good in availability, p95, drop and cost.'),
  dominated_by: z.string().nullable(),
  worst: z.strictObject({ scenario: z.string(), goodput: figure, replay: z.string() }),
  violated: z.array(z.string()).describe('Invariants, in any scenario.'),
  cells: z.array(cell),
});

export const compareReport = z.strictObject({
  version: z.literal(compareVersion),
  tool: z.strictObject({ name: z.literal('firedrill'), version: z.string() }),
  seed: count,
  trials: count,
  weights: z.strictObject({ file: z.string(), source: z.string() }),
  scenarios: z.array(
    z.strictObject({
      name: z.string(),
      description: z.string(),
      share: z.number().describe('Its weight; all shares add up to 1.'),
    }),
  ),
  answers: z.array(targetProvenance).describe('What they are, by target.'),
  candidates: z.array(candidate).describe('In the order of the ranking.'),
  recommendation: z.strictObject({ candidate: z.string(), file: z.string(), reason: z.string() }),
  calls: count.describe('Drilled in all.'),
  wall: z
    .strictObject({ ms: z.number(), workers: count, node: z.string() })
    .describe('Depends on the machine and the hour; all else is equal for equal input and seed.'),
});

export type CompareReport = z.infer<typeof compareReport>;
export type CompareCandidate = z.infer<typeof candidate>;
export type CompareCell = z.infer<typeof cell>;
export type CompareFigures = z.infer<z.ZodObject<(typeof figures)['shape']>>;
export type CompareDifference = z.infer<typeof difference>;
