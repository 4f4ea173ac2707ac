// The judge's stored verdicts: one JSON object a line, each its answer on one text. As with other
// recordings it is `recorded` (the bytes of its response), `recorded-text` (a choice that it really
// made) or `authored` (written for a product), and every report says which.
import { existsSync } from 'node:fs';
import { z } from 'zod';
import type { Place } from '../errors.ts';
import { InputError } from '../errors.ts';
import type { JudgedEvent } from '../history.ts';
import { mix } from '../rng.ts';
import { readJsonLines, recordedResponse, targetName } from '../upstream/recording.ts';
import type { JudgeModel } from './judge-model.ts';
import { newestPrompt, promptVersions } from './judge-prompt.ts';
import type { JudgedCheck } from './judged-check.ts';
import { textHash } from './judged-check.ts';

const hash = z.string().regex(/^[0-9a-f]{16}$/, 'expected 16 digits of 0-9 and a-f');

const common = {
  sample: z.string().min(1),
  /** The model that judged. */
  judge: targetName,
  /** Which prompt of ours it got. */
  prompt: z.enum(promptVersions).default(newestPrompt),
  /** The id of the judged check: of its rubric and choices. */
  rubric: hash,
  /** The text that was judged. */
  answer: z.string(),
  /** When it was recorded or written, YYYY-MM-DD. */
  date: z.string().optional(),
  /** Where it comes from. */
  source: z.string().optional(),
};

const spoken = z.strictObject({
  kind: z.enum(['authored', 'recorded-text']),
  ...common,
  choice: z.string().optional(),
  /** Its reasons, before the choice. */
  why: z.string().default(''),
  /** What it said instead of choosing: no verdict then. */
  text: z.string().optional(),
});

const exact = z.strictObject({ kind: z.literal('recorded'), ...common, ...recordedResponse });

export const verdictSchema = z
  .discriminatedUnion('kind', [spoken, exact])
  .refine(
    (given) =>
      given.kind === 'recorded' || (given.choice === undefined) !== (given.text === undefined),
    { message: 'give the choice, or the text that was said instead' },
  );

export type VerdictRecording = z.infer<typeof verdictSchema>;

/** What a verdict is about, as one word: the text by its hash. */
export function verdictKey(sample: string, rubric: string, hash: string): string {
  return `${sample}~${rubric}~${hash}`;
}

export function keyOf({ sample, rubric, answer }: VerdictRecording): string {
  return verdictKey(sample, rubric, textHash(answer));
}

/**
 * The verdicts of one judge in some files. Throws InputError for one on a rubric that no sample
 * has: whoever changes a rubric has to ask again.
 */
export function readVerdicts(
  files: string[],
  samples: readonly { id: string; judged?: readonly JudgedCheck[] }[],
  judge: JudgeModel,
  place: Place,
): VerdictRecording[] {
  const own: VerdictRecording[] = [];
  for (const file of files) {
    if (!existsSync(file)) throw new InputError(`verdicts: there is no file ${file}`, place);
    for (const { value, line } of readJsonLines(file, verdictSchema)) {
      const sample = samples.find(({ id }) => id === value.sample);
      const rubrics = (sample?.judged ?? []).map(({ id }) => id);
      if (!rubrics.includes(value.rubric)) {
        throw new InputError(strayText(value, sample !== undefined, rubrics), { file, line });
      }
      if (value.judge === judge.target && value.prompt === judge.prompt) own.push(value);
    }
  }
  if (own.length > 0) return own;
  throw new InputError(`verdicts: ${judge.target} gave none by its prompt ${judge.prompt}`, place);
}

function strayText({ sample, rubric }: VerdictRecording, known: boolean, own: string[]): string {
  if (!known) return `sample: ${JSON.stringify(sample)} is no sample of the workload`;
  if (own.length === 0) return `sample: ${JSON.stringify(sample)} has no judged check`;
  return `rubric: ${rubric} is no rubric of ${JSON.stringify(sample)}, whose id is ${own.join(' or ')}: a verdict holds for the words that it was given on`;
}

/** Every verdict that there is on one text; a trial draws one. */
export type Verdicts = ReadonlyMap<string, readonly JudgedEvent[]>;

/**
 * One verdict on each text. Those on texts of one sample are drawn alike, so that both sides of a
 * comparison meet the same mood of the judge.
 */
export function drawn(verdicts: Verdicts, seed: number): JudgedEvent[] {
  return [...verdicts.values()].flatMap((list) => {
    const sample = list[0]?.sample ?? '';
    return list[mix(seed, 'verdict', sample) % list.length] ?? [];
  });
}
