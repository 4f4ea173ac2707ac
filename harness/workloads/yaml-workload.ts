// A workload from a YAML file and the recordings beside it.
import { existsSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { z } from 'zod';
import type { Place } from '../errors.ts';
import { InputError } from '../errors.ts';
import { judgeModel } from '../judge/judge-model.ts';
import { sampleCheck } from '../judge/sample-check.ts';
import { readVerdicts } from '../judge/verdict.ts';
import { soundRecordings } from '../recordings/sound-recordings.ts';
import { parseYaml, placeIn, readText } from '../scenario/yaml-file.ts';
import { sampleTools, sessionProblem } from './sample-tools.ts';
import type { Sample, Workload } from './workload.ts';

const sample = z.strictObject({
  id: z.string().min(1).describe('What recordings and reports call it; once in the workload.'),
  family: z.string().min(1).optional().describe('Samples of one kind, for reports.'),
  follows: z
    .string()
    .min(1)
    .optional()
    .describe('The sample whose asker may come back with this one: see repeat.follow.'),
  critical: z.boolean().default(false).describe('Whether a wrong answer is worse than none.'),
  system: z.string().optional().describe('The system prompt before it.'),
  prompt: z.string().min(1).describe('What the user asks.'),
  schema: z
    .record(z.string(), z.unknown())
    .optional()
    .describe('A JSON Schema that the answer must parse to; leave it out for free text.'),
  checks: z
    .array(sampleCheck)
    .default([])
    .describe(
      'What a good answer satisfies, for its score; left out where recordings have scores.',
    ),
  tools: sampleTools.default([]).describe('What a chain may run to answer it.'),
});

export const workloadSchema = z.strictObject({
  name: z.string().min(1).describe('What scenarios and reports call it.'),
  description: z.string().optional().describe('What it asks for, for people.'),
  provenance: z
    .string()
    .min(1)
    .describe('Where its prompts and answers come from, as reports say it.'),
  recordings: z
    .union([z.string(), z.array(z.string()).min(1)])
    .describe('The answers: one .jsonl file or several, relative to this one.'),
  judge: judgeModel
    .optional()
    .describe('The model that decides judged checks, like openai/gpt-4o.'),
  verdicts: z
    .union([z.string(), z.array(z.string()).min(1)])
    .optional()
    .describe("The judge's verdicts: one .jsonl file or several, relative to this one."),
  samples: z.array(sample).min(1, 'expected at least one sample').describe('The questions.'),
});

type Given = z.infer<typeof workloadSchema>;

/** A workload without its answers: what is asked, and the files that should hold the answers. */
export interface AskedWorkload {
  name: string;
  samples: Sample[];
  /** Absolute. */
  files: string[];
  /** The file as it is written. */
  text: string;
}

/** The questions of a workload, whether there are answers or not. Throws InputError. */
export function readAskedWorkload(file: string): AskedWorkload {
  const { text, given } = readWorkload(file);
  return {
    name: given.name,
    samples: given.samples.map(sampleOf),
    files: [given.recordings].flat().map((name) => resolve(dirname(file), name)),
    text,
  };
}

function readWorkload(file: string): { text: string; given: Given; seen: Set<string> } {
  const text = readText(file);
  const given = parseYaml(text, file, workloadSchema);
  const seen = new Set<string>();
  given.samples.forEach(({ id }, index) => {
    if (seen.has(id)) {
      const place = placeIn(text, file, ['samples', index, 'id']);
      throw new InputError(`two samples are named ${JSON.stringify(id)}`, place);
    }
    seen.add(id);
  });
  given.samples.forEach(({ follows }, index) => {
    const first = given.samples.find(({ id }) => id === follows);
    if (follows === undefined || (first && first.follows === undefined)) return;
    const why = first ? 'follows another one itself' : 'is no sample here';
    const place = placeIn(text, file, ['samples', index, 'follows']);
    throw new InputError(`follows: ${JSON.stringify(follows)} ${why}`, place);
  });
  return { text, given, seen };
}

export function loadYamlWorkload(file: string): Workload {
  const { text, given, seen } = readWorkload(file);
  const names = [given.recordings].flat();
  const recordings = names.flatMap((name) => {
    const path = resolve(dirname(file), name);
    if (existsSync(path)) return soundRecordings(path);
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
  const samples = given.samples.map(sampleOf);
  const judge = judgeOf(given, samples, { file, text });
  return {
    name: given.name,
    provenance: given.provenance,
    recordings,
    samples,
    ...(judge ? { judge } : {}),
  };
}

function sampleOf(one: Given['samples'][number]): Sample {
  const judged = one.checks.flatMap((check) => ('judged' in check ? [check.judged] : []));
  return {
    id: one.id,
    family: one.family ?? null,
    ...(one.follows === undefined ? {} : { follows: one.follows }),
    critical: one.critical,
    system: one.system ?? null,
    prompt: one.prompt,
    schema: one.schema ?? null,
    checks: one.checks.flatMap((check) => ('plain' in check ? [check.plain] : [])),
    ...(judged.length > 0 ? { judged } : {}),
    ...(one.tools.length > 0 ? { tools: one.tools } : {}),
  };
}

/** A judge, its verdicts and something to judge belong together. */
function judgeOf(
  { judge, verdicts }: Given,
  samples: readonly Sample[],
  { file, text }: { file: string; text: string },
): Workload['judge'] | null {
  const place = (...path: (string | number)[]): Place => placeIn(text, file, path);
  const first = samples.findIndex(({ judged }) => judged);
  if (first < 0) {
    const key = judge ? 'judge' : 'verdicts';
    if (!judge && !verdicts) return null;
    throw new InputError(`${key}: no sample has a judged check to be decided`, place(key));
  }
  if (!judge) {
    const why = 'a check is judged by nobody: name a model, like judge: openai/gpt-4o';
    throw new InputError(why, place('samples', first, 'checks'));
  }
  if (!verdicts) {
    throw new InputError('judge: has no verdicts: name their file under verdicts', place('judge'));
  }
  const files = [verdicts].flat().map((name) => resolve(dirname(file), name));
  return { model: judge, verdicts: readVerdicts(files, samples, judge, place('verdicts')) };
}
