// A check that a model decides: a rubric, and the choices that the model has with what each is
// worth. It is data only: whoever scores a text looks the verdict up, nobody waits for a model.
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { weightSchema } from '../checks/grade.ts';
import { expectedText } from '../scenario/issue.ts';

export interface JudgedCheck {
  /** Of rubric and choices: a verdict holds for these words only. */
  id: string;
  rubric: string;
  /** 0 to 1, by choice. */
  choices: Readonly<Record<string, number>>;
  weight: number;
}

const choiceName = z
  .string()
  .regex(
    /^[A-Za-z0-9](?:[A-Za-z0-9 _-]{0,38}[A-Za-z0-9])?$/,
    'is no choice: write a word like yes',
  );

/** What is written under `judged`. */
export const judgedSettings = z.strictObject(
  {
    rubric: z.string().trim().min(1).describe('What a good answer does, for the judge model.'),
    choices: z
      .record(choiceName, z.number().min(0).max(1))
      .refine((given) => Object.keys(given).length >= 2, 'give the judge at least two choices')
      .default({ yes: 1, no: 0 })
      .describe('What the judge may choose, and the score of each; yes: 1 and no: 0 if left out.'),
  },
  {
    error: ({ code, input }) =>
      code === 'invalid_type' ? expectedText('{ rubric: a text }', input) : undefined,
  },
);

/** `{ judged: { rubric: "..." }, weight: 2 }` */
export const judgedCheck = z
  .strictObject({ judged: judgedSettings.describe('What a model decides.'), weight: weightSchema })
  .transform(({ judged, weight }): JudgedCheck => {
    const { rubric, choices } = judged;
    return { id: rubricId(rubric, choices), rubric, choices, weight };
  });

function rubricId(rubric: string, choices: Readonly<Record<string, number>>): string {
  const sorted = Object.entries(choices).sort(([a], [b]) => (a < b ? -1 : 1));
  return shortHash(JSON.stringify([rubric, sorted]));
}

/** A text as verdicts name it: white space at both ends is none of it. */
export function textHash(text: string): string {
  return shortHash(text.trim());
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}
