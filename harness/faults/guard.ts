import { z } from 'zod';
import { isNamed } from '../starred.ts';
import type { Effect } from './effect.ts';
import type { AttemptView, Fault, Traits } from './fault.ts';
import type { Flaw, Rejection } from './rejection.ts';

const some = z
  .union([z.string(), z.array(z.string()).min(1)])
  .transform((value): string[] => [value].flat());

const refusals = [
  'prefill',
  'images',
  'schema',
  'tools',
  'foreign-key',
  'foreign-ids',
  'foreign-signatures',
  'missing-signatures',
  'long-ids',
] as const;

type Refusal = (typeof refusals)[number];

const refused = z.enum(refusals);
const tokens = z.number().int().min(1);

/** What OpenAI takes; other providers take other lengths. */
const usualIdLength = 64;

const settings = z.strictObject({
  models: some.optional().describe('The models that the target has; all others are turned down.'),
  parameters: some.optional().describe('Members of the body that it does not support.'),
  requires: some.optional().describe('Members of the body that it does not do without.'),
  context: tokens
    .optional()
    .describe('The context window in tokens: input, and the most output that was asked for.'),
  output: tokens.optional().describe('The most output that may be asked for, in tokens.'),
  refuses: z
    .union([refused, z.array(refused).min(1)])
    .transform((value): Refusal[] => [value].flat())
    .optional()
    .describe('What else it does not take: one or a list.'),
  idLength: z
    .number()
    .int()
    .min(1)
    .optional()
    .describe('The longest id of a tool call in the history.'),
});

type Settings = z.infer<typeof settings>;

/** A target that turns down what it cannot take: a chain must fit its request to each target. */
export const guard: Fault<Settings> = {
  kind: 'guard',
  describe: 'the target rejects what it cannot take: models, parameters, sizes, images, ids',
  example: '{ inject: guard, parameters: [temperature], context: 8192, on: { provider: openai } }',
  settings: settings
    .refine((given) => Object.keys(given).length > 0, {
      message: 'give models, parameters, requires, context, output, refuses or idLength',
    })
    .refine(({ parameters, requires }) => !parameters?.some((name) => requires?.includes(name)), {
      path: ['requires'],
      message: 'names what `parameters` refuses: no request could pass',
    }),
  decide(given, attempt): Effect | null {
    const rejection = rejectionOf(given, attempt);
    return rejection && { kind: 'reject', rejection };
  },
};

/** Credentials are looked at first, then the model, then what the request brings. */
function rejectionOf(given: Settings, attempt: AttemptView): Rejection | null {
  if (given.refuses?.includes('foreign-key') && attempt.foreignKey) return { reason: 'auth' };
  if (given.models && !given.models.some((name) => isNamed(name, attempt.model))) {
    return { reason: 'not-found' };
  }
  const flaw = flawOf(given, attempt.asks());
  if (!flaw) return null;
  const reason = flaw.is === 'context' ? 'context-length' : 'invalid-request';
  return { reason, flaw };
}

function flawOf(given: Settings, asks: Traits): Flaw | null {
  const extra = given.parameters?.find((name) => asks.parameters.includes(name));
  if (extra !== undefined) return { is: 'unsupported-parameter', name: extra };
  const missing = given.requires?.find((name) => !asks.parameters.includes(name));
  if (missing !== undefined) return { is: 'missing-parameter', name: missing };
  return sizeFlaw(given, asks) ?? partFlaw(given.refuses ?? [], asks);
}

function sizeFlaw({ context, output, idLength, refuses }: Settings, asks: Traits): Flaw | null {
  const { inputTokens: input, maxTokens } = asks;
  if (output !== undefined && maxTokens !== null && maxTokens > output) {
    return { is: 'output', limit: output, asked: maxTokens };
  }
  const most = maxTokens ?? 0;
  if (context !== undefined && input + most > context) {
    return { is: 'context', limit: context, input, output: most };
  }
  const limit = idLength ?? (refuses?.includes('long-ids') ? usualIdLength : null);
  if (limit === null) return null;
  const long = asks.callIds.find((id) => id.length > limit);
  return long === undefined ? null : { is: 'long-id', limit, length: long.length };
}

type Part = Exclude<Refusal, 'foreign-key' | 'long-ids'>;

const brings: Readonly<Record<Part, (asks: Traits) => boolean>> = {
  prefill: ({ prefill }) => prefill,
  images: ({ images }) => images > 0,
  schema: ({ schema }) => schema,
  tools: ({ tools }) => tools.length > 0,
  'foreign-ids': ({ foreignIds }) => foreignIds.length > 0,
  'foreign-signatures': ({ foreignSignatures }) => foreignSignatures.length > 0,
  'missing-signatures': ({ callIds, signatures }) => callIds.length > 0 && signatures.length === 0,
};

function partFlaw(refuses: readonly Refusal[], asks: Traits): Flaw | null {
  for (const part of refuses) {
    if (part === 'foreign-key' || part === 'long-ids') continue;
    if (brings[part](asks)) return { is: part };
  }
  return null;
}
