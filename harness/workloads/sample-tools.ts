// The tools of a workload's samples as they are written, and whether the recordings fit them: a
// session whose next turn nobody recorded could not be drilled to its end.
import { z } from 'zod';
import { jsonSchema } from '../checks/json.ts';
import { expecting } from '../scenario/issue.ts';
import type { Recording } from '../upstream/recording.ts';
import { toolName } from '../upstream/recording.ts';
import type { SampleTool } from './workload.ts';

const anything = { type: 'object', properties: {} };

const parameters = z.record(z.string(), z.unknown(), {
  error: expecting(
    'a JSON Schema like { type: object, properties: { order_id: { type: string } } }',
  ),
});

const sampleTool = z
  .strictObject({
    name: toolName.describe("The tool's name, as the model calls it."),
    description: z.string().min(1).describe('What it does, as the model is told.'),
    parameters: parameters
      .refine((schema) => schema.type === 'object', { error: 'needs type: object' })
      .superRefine((schema, ctx) => {
        for (const { message } of jsonSchema.safeParse(schema).error?.issues ?? []) {
          ctx.addIssue({ code: 'custom', message: `is no JSON Schema: ${message}` });
        }
      })
      .default(anything)
      .describe('A JSON Schema of its arguments, with type: object.'),
    result: z.string().optional().describe('What it says whenever it is run.'),
    results: z
      .array(z.string())
      .min(1)
      .optional()
      .describe('What it says run by run of one call; the last one stands for all further runs.'),
  })
  .refine(({ result, results }) => (result === undefined) !== (results === undefined), {
    error: 'needs either result (a text) or results (a list of texts, run by run)',
  })
  .transform(({ name, description, parameters, result, results }): SampleTool => {
    return { name, description, parameters, results: results ?? [result ?? ''] };
  });

export const sampleTools = z
  .array(sampleTool)
  .refine((tools) => new Set(tools.map(({ name }) => name)).size === tools.length, {
    error: 'has two tools of one name',
  });

interface Offered {
  id: string;
  tools: readonly SampleTool[];
}

/** What is wrong with the recordings of sessions, in words; null: nothing. */
export function sessionProblem(
  samples: readonly Offered[],
  recordings: readonly Recording[],
): string | null {
  const tools = new Map(samples.map(({ id, tools }) => [id, tools]));
  const known = new Set(recordings.map((one) => place(one.sample, one.target, one.turn ?? 1)));
  for (const recording of recordings) {
    const { sample, target, turn = 1 } = recording;
    const own = tools.get(sample) ?? [];
    const of = `the answer of ${target} to ${JSON.stringify(sample)}`;
    if (own.length === 0 && turn > 1) {
      return `${of} is for turn ${turn}, but the sample has no tools: write them into the workload`;
    }
    const calls = recording.kind === 'recorded' ? [] : (recording.toolCalls ?? []);
    for (const { name } of calls) {
      if (own.some((tool) => tool.name === name)) continue;
      const names = own.map((tool) => tool.name).join(', ') || 'none';
      return `${of} calls the tool ${JSON.stringify(name)}, which the sample does not have: its tools are ${names}`;
    }
    const next = turn + calls.length;
    if (calls.length > 0 && !known.has(place(sample, target, next))) {
      return `${of} calls ${calls.length === 1 ? 'a tool' : `${calls.length} tools`} in turn ${turn}, but there is no recording with turn: ${next} for what comes after`;
    }
  }
  return null;
}

function place(sample: string, target: string, turn: number): string {
  return JSON.stringify([sample, target, turn]);
}
