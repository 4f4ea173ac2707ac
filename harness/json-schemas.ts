// JSON Schemas of all files that people write, made from the types that read them: editors complete
// and check as one writes. `npm run schemas` writes them to docs/schemas; a test compares them.
import { z } from 'zod';
import { chainFile } from './chains/reference-config.ts';
import type { Check, ParsedCheck } from './checks/check.ts';
import { settingsOf, weightSchema } from './checks/grade.ts';
import { checks } from './checks/index.ts';
import { compareReport } from './compare/compare-report.ts';
import { weightsSchema } from './compare/weights.ts';
import { faults } from './faults/index.ts';
import { baselineSchema } from './gate/baseline.ts';
import { gateReport } from './gate/gate-report.ts';
import { judgedCheck } from './judge/judged-check.ts';
import { sampleCheck } from './judge/sample-check.ts';
import { measuredSchema } from './measured-means.ts';
import { portabilityJsonSchema } from './portability/portability-report.ts';
import { httpChainFile } from './realtime/http-chain.ts';
import { reportJsonSchema } from './report-schema.ts';
import { boundableNames, meaningOf, unitOf } from './scenario/report-field.ts';
import { common, rule } from './scenario/rule.ts';
import { scenarioSchema } from './scenario/scenario.ts';
import { bound, invariantIds, thresholds } from './scenario/threshold.ts';
import { scorecardReport } from './scorecard/scorecard-report.ts';
import { targetsSchema } from './upstream/targets.ts';
import { workloadSchema } from './workloads/yaml-workload.ts';

type Json = Record<string, unknown>;

/** By the name of the file that each is for. */
export function jsonSchemas(): Record<string, Json> {
  return {
    scenario: schemaOf(scenarioSchema, 'firedrill scenario'),
    chain: schemaOf(z.union([chainFile, httpChainFile]), 'firedrill chain'),
    workload: schemaOf(workloadSchema, 'firedrill workload'),
    targets: schemaOf(targetsSchema, 'firedrill targets'),
    report: reportJsonSchema(),
    portability: portabilityJsonSchema(),
    measured: schemaOf(measuredSchema, 'firedrill measured means'),
    scorecard: schemaOf(scorecardReport, 'firedrill scorecard'),
    compare: schemaOf(compareReport, 'firedrill comparison'),
    gate: schemaOf(gateReport, 'firedrill gate'),
    baseline: schemaOf(baselineSchema, 'firedrill baseline'),
    weights: schemaOf(weightsSchema, 'firedrill weights'),
  };
}

/** A check inside a check: editors find the kinds where the outermost ones are. */
const checkPlace = '#/properties/samples/items/properties/checks/items';
const innerCheck = z.custom<ParsedCheck>();

/** What a schema reads by code of its own, told in a schema's words. */
const told = new Map<z.core.$ZodType, () => Json>([
  [innerCheck, () => ({ $ref: checkPlace })],
  [rule, ruleSchema],
  [thresholds, thresholdSchema],
  [
    sampleCheck,
    () => ({
      anyOf: [
        ...Object.entries(checks).map(([name, check]) => checkOf(name, check)),
        partOf(judgedCheck),
      ],
    }),
  ],
]);

function schemaOf(schema: z.ZodType, title: string): Json {
  const { $schema, ...rest } = inputOf(schema);
  return { $schema, title, ...rest };
}

/** As it is written, not as it is read. */
function inputOf(schema: z.ZodType): Json {
  return z.toJSONSchema(schema, {
    io: 'input',
    unrepresentable: 'any',
    override({ zodSchema, jsonSchema }) {
      const own = told.get(zodSchema)?.();
      if (!own) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key as keyof typeof jsonSchema];
      Object.assign(jsonSchema, own);
    },
  }) as Json;
}

/** A schema inside another one: only the outermost says which draft it is. */
function partOf(schema: z.ZodType): Json {
  const { $schema: _, $defs: __, ...rest } = inputOf(schema);
  return withoutReferences(rest) as Json;
}

/** What refers to itself (any JSON) may be anything: definitions would have to move to the root. */
function withoutReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutReferences);
  if (typeof value !== 'object' || value === null) return value;
  if ('$ref' in value) return value.$ref === checkPlace ? value : {};
  return Object.fromEntries(
    Object.entries(value).map(([key, member]) => [key, withoutReferences(member)]),
  );
}

/** One alternative a fault: its own keys beside those of every rule. */
function ruleSchema(): Json {
  const shared = partOf(common).properties as Json;
  const oneOf = Object.values(faults).map(({ kind, describe, example, settings }) => {
    const { properties, required, ...others } = partOf(settings);
    return {
      ...(others.anyOf || others.allOf ? others : { type: 'object' }),
      description: `${describe}\n\n${example}`,
      properties: {
        ...shared,
        ...(properties as Json | undefined),
        inject: { const: kind, description: describe },
      },
      required: ['inject', ...((required as string[] | undefined) ?? [])],
      additionalProperties: false,
    };
  });
  return { oneOf };
}

function thresholdSchema(): Json {
  const one = (path: string): Json => {
    const example = { share: '">= 99%" or "<= 5%"', time: '"<= 6s"', number: '"<= 2"' }[
      unitOf(path) ?? 'number'
    ];
    return { ...partOf(bound), description: `A bound like ${example} on: ${meaningOf(path)}.` };
  };
  const fixed = boundableNames.filter((path) => !path.endsWith('.*'));
  const open = boundableNames.filter((path) => path.endsWith('.*'));
  return {
    type: 'object',
    properties: {
      ...Object.fromEntries(fixed.map((path) => [path, one(path)])),
      invariants: partOf(invariantIds),
    },
    patternProperties: Object.fromEntries(
      open.map((path) => [`^${path.slice(0, -2).replaceAll('.', '\\.')}\\.`, one(path)]),
    ),
    additionalProperties: false,
  };
}

function checkOf(name: string, check: Check<unknown>): Json {
  const settings = partOf(settingsOf(check, innerCheck));
  const properties = { ...(settings.properties as Json), weight: partOf(weightSchema) };
  const description = `${check.describe}\n\n${check.example}`;
  return { ...settings, description, properties, required: [name] };
}
