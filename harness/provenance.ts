// What answers are: recorded, written for a product, or live, from when, and of which model. Every
// report says so for each target. A leaf.
import { z } from 'zod';

/** From the furthest from any provider to the nearest. */
export const answerKinds = ['made', 'authored', 'recorded-text', 'recorded', 'live'] as const;

export type AnswerKind = (typeof answerKinds)[number];

const kind = z.enum(answerKinds);

export const provenanceFields = {
  kind: kind.describe(
    'recorded: the bytes of a provider; recorded-text: what it said; live: it was asked during the run; authored: written for a product; made: by firedrill. Of several, the furthest from a provider.',
  ),
  kinds: z.array(kind).describe('All that there are.'),
  dates: z
    .strictObject({ from: z.string(), to: z.string() })
    .nullable()
    .describe('The first and the last day, YYYY-MM-DD; null where none is known.'),
  models: z.array(z.string()).describe('The models that answers say they are of.'),
};

const provenance = z.strictObject(provenanceFields);

export type Provenance = z.infer<typeof provenance>;

export const targetProvenance = z.strictObject({ target: z.string(), ...provenanceFields });

export type TargetProvenance = z.infer<typeof targetProvenance>;
