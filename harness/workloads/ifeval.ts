// IFEval: 541 prompts, the real answers of four models and independent strict grades for 361 of
// them, read from the folder of outside data. The score of an answer is theirs: the share of a
// prompt's instructions that it follows; ungraded prompts are not scored. Our own checks grade what
// nobody graded: answers that a fault or a chain has bent.
import { existsSync, readdirSync } from 'node:fs';
import { basename, resolve } from 'node:path';
import { z } from 'zod';
import { InputError } from '../errors.ts';
import { readText } from '../scenario/yaml-file.ts';
import type { Recording } from '../upstream/recording.ts';
import { ifevalChecks } from './ifeval-checks.ts';
import type { Workload } from './workload.ts';
import { plainSample } from './workload.ts';

const prompt = z.object({
  key: z.number(),
  prompt: z.string(),
  instruction_id_list: z.array(z.string()).min(1),
  kwargs: z.array(z.record(z.string(), z.unknown())),
});
const answer = z.object({ key: z.number(), answer: z.string() });
const grade = z.object({ key: z.number(), strict: z.array(z.boolean()).min(1) });

/** The folder of outside data: FIREDRILL_DATA, else `../shared`. */
export function outsideData(): string {
  return resolve(process.env.FIREDRILL_DATA ?? '../shared');
}

export function loadIfeval(folder = resolve(outsideData(), 'ifeval')): Workload {
  if (!existsSync(resolve(folder, 'prompts.jsonl'))) {
    throw new InputError(
      `the workload ifeval needs outside data: there is no prompts.jsonl in ${folder}; set FIREDRILL_DATA`,
    );
  }
  const answers = resolve(folder, 'answers');
  return {
    name: 'ifeval',
    provenance: 'IFEval prompts, recorded answers and independent grades (M-IFEval, Apache-2.0)',
    samples: lines(resolve(folder, 'prompts.jsonl'), prompt).map((one) => ({
      ...plainSample,
      id: `ifeval-${one.key}`,
      prompt: one.prompt,
      checks: ifevalChecks(one.instruction_id_list, one.kwargs),
    })),
    recordings: readdirSync(answers)
      .filter((name) => name.endsWith('.jsonl'))
      .sort()
      .flatMap((name) => answersOf(folder, name)),
  };
}

function answersOf(folder: string, name: string): Recording[] {
  const model = basename(name, '.jsonl');
  const target = `${model.startsWith('claude') ? 'anthropic' : 'openai'}/${model}`;
  const grades = new Map(
    lines(resolve(folder, 'grades', name), grade).map((one) => [one.key, one.strict]),
  );
  return lines(resolve(folder, 'answers', name), answer).map((one): Recording => {
    const strict = grades.get(one.key);
    return {
      kind: 'recorded-text',
      sample: `ifeval-${one.key}`,
      target,
      text: one.answer,
      finish: 'stop',
      source: 'lightblue-tech/M-IFEval',
      score: strict ? strict.filter(Boolean).length / strict.length : null,
    };
  });
}

function lines<T>(file: string, schema: z.ZodType<T>): T[] {
  return readText(file, file, 64 * 1024 * 1024)
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));
}
