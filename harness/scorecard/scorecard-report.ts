// scorecard.json: one chain file in the hands of many systems, on the same scenarios. Versioned;
// its JSON Schema is made from these types.
import { z } from 'zod';
import { targetProvenance } from '../provenance.ts';

export const scorecardVersion = 1;

const count = z.number().int().min(0);

const system = z.strictObject({
  name: z.string(),
  describe: z.string(),
  clock: z.enum(['virtual', 'real']),
  versions: z.record(z.string(), z.string()).describe('Of the packages it consists of.'),
  configuration: z.string().nullable().describe('As it was given to it; null: set up in code.'),
  not_said: z.array(z.string()).describe('What of the chain file it has no setting for.'),
  error: z.string().nullable().describe('Why it was not drilled to the end; null: it was.'),
});

const cell = z.strictObject({
  system: z.string(),
  scenario: z.string(),
  verdict: z
    .enum(['pass', 'partial', 'safe', 'fail', 'held', 'breached', 'no bar'])
    .describe('The worst grade of its calls where the scenario grades them; else its thresholds.'),
  graded: z.record(z.string(), count).nullable().describe('Calls by grade, over all seeds.'),
  calls: count,
  aborted: count,
  outcomes: z.record(z.string(), count),
  attempts: z.strictObject({
    primary: count.describe("On the primary's provider, over all calls."),
    others: count,
  }),
  latency_ms: z.strictObject({ p50: z.number().nullable(), max: z.number().nullable() }),
  violated: z.array(z.string()).describe('Invariants.'),
  why: z.string().nullable().describe('Of the worst grade, in words.'),
  replay: z.string().describe('The command that drills this cell again.'),
});

export const scorecardReport = z.strictObject({
  version: z.literal(scorecardVersion),
  tool: z.strictObject({ name: z.literal('firedrill'), version: z.string() }),
  made: z.string().describe('The date.'),
  chain: z.string(),
  targets: z.array(z.string()),
  seed: count,
  trials: count,
  node: z.string(),
  answers: z.array(targetProvenance).describe('What they are, by target.'),
  scenarios: z.array(z.strictObject({ name: z.string(), description: z.string() })),
  systems: z.array(system),
  cells: z.array(cell),
});

export type Scorecard = z.infer<typeof scorecardReport>;
export type ScorecardSystem = z.infer<typeof system>;
export type ScorecardCell = z.infer<typeof cell>;
