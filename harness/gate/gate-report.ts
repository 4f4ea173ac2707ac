// gate.json: what a gate found, for people and for continuous integration. Versioned; its JSON
// Schema is made from these types.
import { z } from 'zod';
import { comparedFigures } from '../comparison/cases.ts';
import { targetProvenance } from '../provenance.ts';

export const gateVersion = 1;

const count = z.number().int().min(0);
const figure = z.number().nullable();

const change = z.strictObject({
  from: figure.describe("The baseline's; null: it fell on a call that hung."),
  to: figure,
  difference: figure,
  ci95: z.tuple([figure, figure]),
  bar: z.string().describe('The least change that counts.'),
});

const finding = z.strictObject({
  kind: z
    .enum(['breach', 'violation', 'regression', 'improvement'])
    .describe('All but an improvement fail the gate.'),
  scenario: z.string(),
  /** Of a breach the path of its threshold, of a violation the invariant. */
  figure: z.string(),
  change: change.nullable(),
  text: z.string().describe('One line, without the scenario.'),
  replay: z.string().nullable().describe('The command that shows it.'),
});

export const gateReport = z.strictObject({
  version: z.literal(gateVersion),
  tool: z.strictObject({ name: z.literal('firedrill'), version: z.string() }),
  chain: z.string(),
  baseline: z.string(),
  seed: count,
  trials: count,
  passed: z.boolean(),
  scenarios: z.array(
    z.strictObject({
      scenario: z.string(),
      status: z.enum(['compared', 'changed', 'new']),
      changed: z.array(z.string()).describe('What is not as it was: scenario, recordings, ...'),
      figures: z.record(z.enum(comparedFigures), figure),
      before: z.record(z.enum(comparedFigures), figure).nullable(),
    }),
  ),
  gone: z.array(z.string()).describe('Scenarios of the baseline that were not drilled any more.'),
  notes: z.array(z.string()),
  findings: z.array(finding),
  answers: z.array(targetProvenance).describe('What the answers of this run are, by target.'),
});

export type GateReport = z.infer<typeof gateReport>;
export type GateFinding = z.infer<typeof finding>;
