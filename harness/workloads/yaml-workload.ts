// A workload from a YAML file and the recordings beside it.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import { checkSchema } from '../checks/grade.ts';
import { InputError } from '../errors.ts';
import { parseYaml, placeIn, readText } from '../scenario/yaml-file.ts';
import { readRecordings } from '../upstream/recording.ts';
import { sampleTools, sessionProblem } from './sample-tools.ts';
import type { Workload } from './workload.ts';

const sample = z.strictObject({
  id: z.string().min(1),
  family: z.string().min(1).optional(),
  critical: z.boolean().default(false),
  system: z.string().optional(),
  prompt: z.string().min(1),
  schema: z.record(z.string(), z.unknown()).optional(),
  checks: z.array(checkSchema).default([]),
  tools: sampleTools.default([]),
});

export const workloadSchema = z.strictObject({
  name: z.string().min(1),
  description: z.string().optional(),
  provenance: z.string().min(1),
  /** One file or several, relative to this one. */
  recordings: z.union([z.string(), z.array(z.string()).min(1)]),
  samples: z.array(sample).min(1, 'expected at least one sample'),
});

export function loadYamlWorkload(file: string): Workload {
  const text = readText(file);
  const given = parseYaml(text, file, workloadSchema);
  const names = [given.recordings].flat();
  const seen = new Set<string>();
  given.samples.forEach(({ id }, index) => {
    if (seen.has(id)) {
      const place = placeIn(text, file, ['samples', index, 'id']);
      throw new InputError(`two samples are named ${JSON.stringify(id)}`, place);
    }
    seen.add(id);
  });
  const recordings = names.flatMap((name) => {
    const path = resolve(dirname(file), name);
    if (existsSync(path)) return readRecordings(path);
    const place = placeIn(text, file, ['recordings']);
    throw new InputError(`recordings: there is no file ${name}`, place);
  });
  const stray = recordings.find((recording) => !seen.has(recording.sample));
  if (stray) {
    throw new InputError(
      `${names.join(', ')} has an answer to ${JSON.stringify(stray.sample)}, no sample here`,
      placeIn(text, file, ['recordings']),
    );
  }
  const problem = sessionProblem(given.samples, recordings);
  if (problem) throw new InputError(problem, placeIn(text, file, ['recordings']));
  return {
    name: given.name,
    provenance: given.provenance,
    recordings,
    samples: given.samples.map((one) => ({
      id: one.id,
      family: one.family ?? null,
      critical: one.critical,
      system: one.system ?? null,
      prompt: one.prompt,
      schema: one.schema ?? null,
      checks: one.checks,
      ...(one.tools.length > 0 ? { tools: one.tools } : {}),
    })),
  };
}
